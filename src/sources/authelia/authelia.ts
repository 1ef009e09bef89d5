/**
 * Authelia 4, text and JSON logs. Both quote what is typed, so the field `remote_ip` is Authelia's own, wherever it
 * stands.
 *
 * The right password and the second step are two lines of one sign-in and count once. The first is read as a success
 * too: whoever wrote it knows the password, even where the second step then fails. Successes are logged at level debug
 * only, so most logs hold none.
 */
import { isAddress } from "#/sources/address-text.ts";
import { parsedObject, textOf } from "#/sources/json-text.ts";
import { isoTime } from "#/sources/local-time.ts";
import {
  type Context,
  type Entry,
  type JsonObject,
  type Reading,
  type Source,
  evidence,
  foreign,
  ignored,
  malformed,
} from "#/sources/source.ts";
import type { Millis } from "#/platform/units.ts";
import type { Reason } from "#/signin/signin.ts";
import { logfmt } from "./logfmt.ts";

export const authelia: Source = {
  id: "authelia",
  title: "Authelia",
  programs: ["authelia"],
  message(entry: Entry, context: Context): Reading {
    const isJson = entry.text.charCodeAt(0) === 123;
    const reading = isJson ? readObject(parsedObject(entry.text) ?? {}, context) : readText(entry, context);
    return reading.kind === "foreign" ? ignored : reading;
  },
  line: readText,
  object: readObject,
};

/** Reads `time="2026-11-23T10:00:00+01:00" level=error msg="Unsuccessful 1FA ..." ... remote_ip=192.0.2.1`. */
function readText(entry: Entry, context: Context): Reading {
  const { text } = entry;
  if (!text.startsWith('time="') || !text.startsWith('" level=', text.indexOf('"', 6))) return foreign;
  // Other programs in Go log like this; the path or these words make it Authelia's.
  if (!text.includes(" authentication attempt ") && !text.includes("Error occurred getting details")) return foreign;
  const fields = logfmt(text);
  const at = isoTime(fields.get("time") ?? "", context.time) ?? entry.at;
  return read(fields.get("msg") ?? "", fields.get("error") ?? "", fields.get("remote_ip") ?? "", at);
}

function readObject(value: JsonObject, context: Context): Reading {
  if (value["msg"] === undefined || value["remote_ip"] === undefined || value["level"] === undefined) return foreign;
  const message = textOf(value["msg"]);
  // Caddy and others have fields of these names too, but not with Authelia's paths.
  if (!message.includes(" authentication attempt ") && !message.startsWith("Error occurred getting details")) {
    return textOf(value["path"]).startsWith("/api/") ? ignored : foreign;
  }
  return read(
    message,
    textOf(value["error"]),
    textOf(value["remote_ip"]),
    isoTime(textOf(value["time"]), context.time),
  );
}

const failedWords = "Unsuccessful ";
const successWords = "Successful ";
const unknownWords = "Error occurred getting details for user with username input '";

function read(message: string, error: string, address: string, at: Millis | undefined): Reading {
  if (message.startsWith(unknownWords)) {
    const end = message.lastIndexOf("' which usually ");
    const account = message.slice(unknownWords.length, end < 0 ? undefined : end);
    return attempt(account, isFault(error) ? "fault" : "unknown-account", address, at, "1fa");
  }
  if (message.startsWith(successWords)) {
    const byUser = message.indexOf(" authentication attempt made by user '");
    const end = message.lastIndexOf("'");
    if (byUser < 0 || end < byUser + 38) return ignored;
    return attempt(message.slice(byUser + 38, end), "", address, at, isFirst(message, successWords) ? "1fa" : "2fa");
  }
  if (!message.startsWith(failedWords)) return ignored;
  const byUser = message.indexOf(" authentication attempt by user '");
  if (byUser < 0) return ignored;
  const { account, rest } = failedAccount(message, byUser + 33);
  // In newer versions an unknown account leaves this line without a name, and one with it follows.
  if (account === "") return ignored;
  const isSecond = !isFirst(message, failedWords);
  const reason = isSecond ? "second-factor" : failureReason(rest, error);
  // A banned address stands where the name would.
  return attempt(account === address ? "" : account, reason, address, at, isSecond ? "2fa" : "1fa");
}

/** Authelia appends ": why" (in older versions) or "and they are banned until ..." to the quoted name. */
function failedAccount(message: string, from: number): { readonly account: string; readonly rest: string } {
  const banned = message.lastIndexOf("' and they are banned until ");
  if (banned >= from) return { account: message.slice(from, banned), rest: "banned" };
  if (message.endsWith("'")) return { account: message.slice(from, -1), rest: "" };
  const end = message.indexOf("': ", from);
  if (end < 0) return { account: message.slice(from), rest: "" };
  return { account: message.slice(from, end), rest: message.slice(end + 3) };
}

const isFirst = (message: string, words: string): boolean =>
  message.startsWith("1FA ", words.length) || message.startsWith("Passkey ", words.length);

function failureReason(rest: string, error: string): Reason {
  if (rest === "banned") return "locked";
  const why = error === "" ? rest : error;
  if (why.includes("user not found")) return "unknown-account";
  return isFault(why) ? "fault" : "bad-password";
}

/** The directory or database behind Authelia did not answer. */
function isFault(why: string): boolean {
  return /network error|dial tcp|connection refused|connection reset|timeout|deadline exceeded|no such host|EOF$/i.test(
    why,
  );
}

function attempt(
  account: string,
  reason: Reason | "",
  address: string,
  at: Millis | undefined,
  channel: string,
): Reading {
  if (at === undefined) return malformed("no readable time");
  if (!isAddress(address)) return malformed("no remote_ip");
  const found = evidence(at, reason === "" ? "success" : "failure", account, address, "sso");
  found.reason = reason;
  if (reason === "") {
    found.key = `authelia:${address}:${account}`;
    found.channel = channel;
  }
  return found;
}
