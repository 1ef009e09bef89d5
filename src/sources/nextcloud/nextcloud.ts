/**
 * Nextcloud and ownCloud: nextcloud.log and audit.log, both JSON lines, also through syslog. The web front end, the
 * apps and DAV clients all end in the same messages.
 *
 * The address is the server's field `remoteAddr`, never the one in the message, which stands after a typed name. The
 * two logs tell of the same request and name it (`reqId`), so one attempt counts once. Accounts that exist and accounts
 * that do not are not told apart.
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
import type { Reason } from "#/signin/signin.ts";

export const nextcloud: Source = {
  id: "nextcloud",
  title: "Nextcloud and ownCloud log and audit log",
  programs: ["nextcloud", "owncloud"],
  message(entry: Entry, context: Context): Reading {
    if (entry.text.charCodeAt(0) !== 123 || entry.text.charCodeAt(1) !== 34) return ignored;
    const parsed = parsedObject(entry.text);
    if (parsed === undefined) return malformed("broken JSON");
    const reading = readObject(parsed, context);
    return reading.kind === "foreign" ? ignored : reading;
  },
  object: readObject,
};

type Said = { readonly outcome: "success" | "failure"; readonly account: string; readonly reason: Reason | "" };

function readObject(value: JsonObject, context: Context): Reading {
  if (value["app"] === undefined || value["message"] === undefined) return foreign;
  if (value["reqId"] === undefined && value["remoteAddr"] === undefined && value["level"] === undefined) return foreign;
  const message = value["message"];
  // ownCloud 5 to 8 had the message, a level and little else.
  if (typeof message !== "string") return value["remoteAddr"] === undefined ? foreign : ignored;
  const said = understand(message);
  if (said === undefined) return value["remoteAddr"] === undefined ? foreign : ignored;
  const at = isoTime(textOf(value["time"]), context.time);
  if (at === undefined) return malformed("no readable time");
  const address = value["remoteAddr"] === undefined ? addressInMessage(message) : textOf(value["remoteAddr"]);
  const found = evidence(at, said.outcome, said.account, isAddress(address) ? address : "", "web");
  found.reason = said.reason;
  found.client = agent(textOf(value["userAgent"]));
  const request = textOf(value["reqId"]);
  if (request !== "" && said.reason !== "second-factor") {
    found.key = `nextcloud:${request}`;
    found.channel = textOf(value["app"]) === "admin_audit" ? "audit" : "log";
  }
  return found;
}

const agent = (text: string): string => (text === "--" ? "" : text);

function understand(message: string): Said | undefined {
  if (message.startsWith("Login failed: "))
    return { outcome: "failure", account: nameIn(message, 14), reason: "bad-password" };
  if (message.startsWith("Login successful: ")) return { outcome: "success", account: nameIn(message, 18), reason: "" };
  if (message.startsWith("Failed two factor attempt by user ")) {
    return { outcome: "failure", account: secondFactorName(message), reason: "second-factor" };
  }
  return undefined;
}

/** The name in `name (Remote IP: 192.0.2.1)`, `'name' (Remote IP: '192.0.2.1')` and `"name"`. */
function nameIn(message: string, from: number): string {
  const remote = message.lastIndexOf(" (Remote IP: ");
  const name = remote < from ? message.slice(from) : message.slice(from, remote);
  const quote = name.charCodeAt(0);
  const isQuoted = (quote === 34 || quote === 39) && name.length > 1 && name.charCodeAt(name.length - 1) === quote;
  return isQuoted ? name.slice(1, -1) : name;
}

/** The account in "Failed two factor attempt by user Display Name (account) with provider TOTP". */
function secondFactorName(message: string): string {
  const end = message.lastIndexOf(") with provider ");
  const open = message.lastIndexOf(" (", end);
  return end < 0 || open < 0 ? "" : message.slice(open + 2, end);
}

/** In the oldest versions the address stands in the message alone, after the name; two of them, and one is typed. */
function addressInMessage(message: string): string {
  const first = message.indexOf("(Remote IP: ");
  if (first < 0 || first !== message.lastIndexOf("(Remote IP: ")) return "";
  return /^'?([0-9A-Fa-f:.]{2,45})/.exec(message.slice(first + 12, first + 60))?.[1] ?? "";
}
