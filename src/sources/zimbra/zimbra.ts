/**
 * Zimbra: audit.log and mailbox.log, and the same through syslog (mailboxd). The one names accounts that exist, the other
 * the rest; where both are read, the request's id holds their lines about one attempt together. It does not read the
 * proxy's log, nor "handler exception" without more, which any failure of a request may write.
 */
import type { Millis } from "#/platform/units.ts";
import type { Outcome, Reason, Service } from "#/signin/signin.ts";
import { isoTime } from "#/sources/local-time.ts";
import type { Context, Entry, Evidence, Reading, Source } from "#/sources/source.ts";
import { evidence, foreign, ignored, malformed } from "#/sources/source.ts";
import { type Line, attributes, splitLine } from "./zimbra-line.ts";

export const zimbra: Source = {
  id: "zimbra",
  title: "Zimbra",
  programs: ["mailboxd"],
  message: readMessage,
  line: readLine,
};

function readMessage(entry: Entry): Reading {
  if (entry.at === undefined) return malformed("no time");
  const line = splitLine(entry.text);
  return line === undefined ? ignored : readSplit(entry.at, line);
}

function readLine(entry: Entry, context: Context): Reading {
  const { text } = entry;
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(19) !== 44 || text.charCodeAt(23) !== 32) return foreign;
  const line = splitLine(text.slice(24));
  if (line === undefined) return foreign;
  const at = entry.at ?? isoTime(text.slice(0, 23), context.time);
  return at === undefined ? foreign : readSplit(at, line);
}

function readSplit(at: Millis, line: Line): Reading {
  switch (line.category) {
    case "security":
      return line.message.startsWith("cmd=") ? audited(at, line) : ignored;
    case "SoapEngine":
      return soapRefused(at, line);
    case "account":
      return accountRefused(at, line);
    case "imap":
    case "pop":
      return sessionOpened(at, line);
    default:
      return ignored;
  }
}

const commands = new Set(["Auth", "AdminAuth", "PreAuth", "SSOAuth"]);

/** "cmd=Auth; account=jane@example.org; protocol=soap; error=authentication failed for [jane], invalid password;" */
function audited(at: Millis, line: Line): Reading {
  const { fields } = attributes(line.message, 0);
  if (!commands.has(fields.get("cmd") ?? "")) return ignored;
  // Without a protocol it is a remark on an account (locked now, unlocked), beside the attempt's own line.
  const protocol = fields.get("protocol") ?? (fields.get("cmd") === "PreAuth" ? "soap" : undefined);
  if (protocol === undefined) return ignored;
  const error = fields.get("error");
  const account = fields.get("account") ?? "";
  const result = attempt(at, line, error === undefined ? "success" : "failure", account, "security");
  if (error !== undefined) result.reason = reasonOf(error);
  if (protocol === "imap" || protocol === "pop3") result.service = protocol;
  return result;
}

const REFUSED = "handler exception: authentication failed for [";

/** "handler exception: authentication failed for [NAME], invalid password". */
function soapRefused(at: Millis, line: Line): Reading {
  if (!line.message.startsWith(REFUSED)) return ignored;
  // The name is the caller's, the reason behind it Zimbra's.
  const comma = line.message.lastIndexOf("], ");
  const end = comma < REFUSED.length ? line.message.lastIndexOf("]") : comma;
  if (end < REFUSED.length) return malformed("no account in brackets");
  const result = attempt(at, line, "failure", line.message.slice(REFUSED.length, end), "soap");
  result.reason = reasonOf(line.message.slice(end));
  return result;
}

/** "authentication failed for NAME (no such account)", as IMAP and POP3 write it. */
function accountRefused(at: Millis, line: Line): Reading {
  const { message } = line;
  if (message.startsWith("authentication failed for ") && message.endsWith(" (no such account)")) {
    const result = attempt(at, line, "failure", message.slice(26, -18), "security");
    result.reason = "unknown-account";
    return result;
  }
  const disabled = /^Authentication failed - (?:imap|pop3) not enabled for (.{1,256})$/.exec(message);
  if (disabled === null) return ignored;
  const result = attempt(at, line, "failure", disabled[1] ?? "", "security");
  result.reason = "policy";
  return result;
}

function sessionOpened(at: Millis, line: Line): Reading {
  const end = line.message.indexOf(" authenticated, mechanism=");
  if (!line.message.startsWith("user ") || end < 5) return ignored;
  const result = attempt(at, line, "success", line.message.slice(5, end), "session");
  result.service = line.category === "pop" ? "pop3" : "imap";
  return result;
}

function attempt(at: Millis, line: Line, outcome: Outcome, account: string, channel: string): Evidence {
  const { context, thread } = line;
  const result = evidence(at, outcome, account, addressOf(context), serviceOf(line));
  result.client = context.get("ua") ?? "";
  // IMAP and POP3 have a thread per connection, web requests an id of their own if they come through SOAP.
  const request = context.get("soapId") ?? (thread.startsWith("qtp") ? "" : thread);
  result.key = request === "" ? "" : `zimbra:${request}`;
  result.channel = channel;
  return result;
}

/**
 * Behind Zimbra's proxy "oip" is the client and "ip" the proxy. IMAP clients that come directly may give an "oip" of their
 * own choice, so it counts only where no "ip" stands beside it or a proxy names itself.
 */
function addressOf(context: ReadonlyMap<string, string>): string {
  const address = addressField(context);
  // Zimbra wrote a semicolon twice, so what stands here is no longer what stands in the line, and never was an address.
  return address.includes(";") ? "" : address;
}

function addressField(context: ReadonlyMap<string, string>): string {
  const ip = context.get("ip");
  const origin = context.get("oip");
  if (origin === undefined || (ip !== undefined && !context.has("via"))) return ip ?? "";
  // Proxies append to what they were given: the last one is what Zimbra's own saw.
  return origin.slice(origin.lastIndexOf(",") + 1).trim();
}

function serviceOf({ context, thread }: Line): Service {
  if (context.get("oproto") === "smtp") return "submission";
  if (thread.startsWith("Imap")) return "imap";
  if (thread.startsWith("Pop3")) return "pop3";
  if (thread.includes("/Microsoft-Server-ActiveSync")) return "activesync";
  if (thread.includes("/ews/")) return "ews";
  return thread.includes("/dav/") ? "web" : "webmail";
}

const reasons: readonly (readonly [words: string, reason: Reason])[] = [
  ["invalid password", "bad-password"],
  ["account not found", "unknown-account"],
  ["account lockout", "locked"],
  ["status is locked", "locked"],
  ["status is lockout", "locked"],
  ["status is ", "disabled"],
  ["maintenance mode", "disabled"],
  ["must change password", "expired"],
  ["two-factor", "second-factor"],
  ["system failure", "fault"],
  ["unable to", "fault"],
];

/** @param words the error, whose last part is Zimbra's: the name in brackets before it is not looked at. */
function reasonOf(words: string): Reason {
  // oxlint-disable-next-line unicorn/prefer-set-has -- a text, and no list
  const why = words.slice(words.lastIndexOf("]") + 1);
  return reasons.find(([phrase]) => why.includes(phrase))?.[1] ?? "bad-password";
}
