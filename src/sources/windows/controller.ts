/**
 * Events of a domain controller: tickets asked for (4768) and pre-authentication failed (4771) with Kerberos, credentials
 * validated (4776) with NTLM, accounts locked (4740). The controller sees only the machine that asked it, which for web
 * mail or a VPN is the institution's own server: a server's own event about the same attempt goes before.
 */
import { type Reading, evidence, ignored, malformed } from "#/sources/source.ts";
import type { Millis } from "#/platform/units.ts";
import { accountOf, isNobody } from "./accounts.ts";
import { attemptKey } from "./attempt-key.ts";
import { code, kerberosReason, statusReason } from "./codes.ts";
import { remoteAddress } from "./local-address.ts";
import { type WindowsRecord, fieldOf } from "./record.ts";

/** 4768 and 4771. */
export function readKerberos(record: WindowsRecord, at: Millis): Reading {
  const account = accountOf(fieldOf(record, "TargetUserName"));
  if (account === "" || isNobody(account, fieldOf(record, "TargetSid"))) return ignored;
  const status = fieldOf(record, "Status");
  if (status === "") return malformed("no Status");
  const isSuccess = code(status) === 0;
  // Without pre-authentication everybody gets a ticket: it proves no password (and is what AS-REP roasting looks like).
  if (isSuccess && fieldOf(record, "PreAuthType") === "0") return ignored;
  const reason = isSuccess ? "" : kerberosReason(status);
  if (reason === "no-attempt") return ignored;
  const found = evidence(
    at,
    isSuccess ? "success" : "failure",
    account,
    remoteAddress(fieldOf(record, "IpAddress")),
    "kerberos",
  );
  found.reason = reason;
  found.server = record.computer;
  found.key = attemptKey(account, at, found.outcome);
  found.channel = `kdc ${record.computer}`;
  found.hold = true;
  return found;
}

/** 4776. */
export function readValidation(record: WindowsRecord, at: Millis): Reading {
  const account = accountOf(fieldOf(record, "TargetUserName"));
  if (account === "" || isNobody(account, "")) return ignored;
  const status = fieldOf(record, "Status");
  if (status === "") return malformed("no Status");
  const isSuccess = code(status) === 0;
  const found = evidence(at, isSuccess ? "success" : "failure", account, "", "ntlm");
  found.reason = isSuccess ? "" : statusReason(status, "");
  found.server = record.computer;
  found.client = accountOf(fieldOf(record, "Workstation"));
  found.key = attemptKey(account, at, found.outcome);
  found.channel = `ntlm ${record.computer}`;
  found.hold = true;
  return found;
}

/**
 * 4740. An account is locked by one attempt too many, which this event attests and no more: it counts only where no other
 * witness of that attempt speaks, as in a log that somebody has filtered for lockouts.
 */
export function readLockout(record: WindowsRecord, at: Millis): Reading {
  const account = accountOf(fieldOf(record, "TargetUserName"));
  if (account === "" || isNobody(account, "")) return ignored;
  const found = evidence(at, "failure", account, "", "other");
  found.reason = "locked";
  found.server = record.computer;
  found.key = attemptKey(account, at, "failure");
  found.channel = "lockout";
  found.hold = true;
  return found;
}
