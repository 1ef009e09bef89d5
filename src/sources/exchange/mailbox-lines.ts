// Lines of Exchange's IMAP4 and POP3 protocol logs: one line a command, with the answer in the last column.
import { isAddress, portOf, withoutPort } from "#/sources/address-text.ts";
import { type Reading, evidence, ignored, malformed } from "#/sources/source.ts";
import type { Millis } from "#/platform/units.ts";
import type { Reason, Service } from "#/signin/signin.ts";

export type MailboxLine = {
  readonly at: Millis | undefined;
  /** The server's address and port. */
  readonly local: string;
  readonly remote: string;
  readonly user: string;
  readonly command: string;
  readonly parameters: string;
  /** What was answered: `R=OK` or `R="2 NO AUTHENTICATE failed.";Msg="...";ErrMsg=...`. */
  readonly context: string;
};

/** The ports on which the back end listens for the front end. */
const backEndPorts = new Set(["1143", "1993", "9933", "1110", "1995", "9955"]);

export function readMailbox(line: MailboxLine): Reading {
  const service = signInService(line.command.trim().toLowerCase(), portOf(line.local));
  if (service === undefined || line.context === "") return ignored;
  if (backEndPorts.has(portOf(line.local))) return ignored;
  if (line.at === undefined) return malformed("no readable time");
  const address = withoutPort(line.remote, true);
  if (!isAddress(address)) return malformed("no client address");
  const isSuccess = /^R="?\+?OK/i.test(line.context);
  const found = evidence(line.at, isSuccess ? "success" : "failure", accountOf(line), address, service);
  if (!isSuccess) found.reason = failureReason(line.context);
  return found;
}

/** The service whose sign-in `command` is; undefined for every other command. POP3's "user" is only half of one. */
function signInService(command: string, port: string): Service | undefined {
  switch (command) {
    case "login":
    case "authenticate":
      return "imap";
    case "pass":
    case "apop":
    case "auth":
      return port.endsWith("143") || port.endsWith("993") ? "imap" : "pop3";
    default:
      return undefined;
  }
}

/**
 * The column is empty where Exchange does not know the name; then it may stand before the masked password, or in the
 * answer.
 */
function accountOf(line: MailboxLine): string {
  if (line.user !== "") return line.user;
  const parameters = line.parameters.trim();
  if (parameters.endsWith(" *****")) return parameters.slice(0, -6).trim();
  return /,User: ([^"]{1,256})"/.exec(line.context)?.[1] ?? "";
}

/** From the server's own error, which comes last; the message before it may quote the name. */
function failureReason(context: string): Reason {
  const error = context.lastIndexOf("ErrMsg=");
  const why = error >= 0 ? context.slice(error + 7) : beforeUser(context);
  if (/locked/i.test(why)) return "locked";
  if (/expired/i.test(why)) return "expired";
  if (/protocoldisabled|notallowed|accessdenied/i.test(why)) return "policy";
  if (/disabled/i.test(why)) return "disabled";
  return /proxyfail|timeout|timedout|unavailable|backend|transient|overbudget/i.test(why) ? "fault" : "bad-password";
}

function beforeUser(context: string): string {
  const user = context.indexOf(",User: ");
  return user < 0 ? context : context.slice(0, user);
}
