/**
 * Dovecot 1 to 2.4: the lines of its login processes (imap-login, pop3-login, submission-login, managesieve-login), of
 * auth and auth-worker, and of PAM beneath them; in syslog and in its own log files with the times that they usually
 * have; and the events that its exporter writes as JSON. This file finds out which process wrote a line and leaves the
 * rest to the files beside it.
 *
 * It does not know whether an attempt that failed in one passdb succeeded in the next, or what protocol an auth line is
 * about: the lines of one session share a key, and whoever joins them finds out.
 */
import type { Millis } from "#/platform/units.ts";
import { pamFailure } from "#/sources/pam/pam-fields.ts";
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
import { readAuth } from "./auth-lines.ts";
import { readExported } from "./exported-events.ts";
import { afterLevel } from "./levels.ts";
import { loginService, readLogin, sessionKey } from "./login-lines.ts";
import { stampEnd, stampTime } from "./own-log.ts";

export const dovecot: Source = {
  id: "dovecot",
  title: "Dovecot 1 to 2.4",
  programs: [
    "dovecot",
    "dovecot-auth",
    "auth",
    "imap-login",
    "pop3-login",
    "submission-login",
    "managesieve-login",
    "imap-urlauth-login",
  ],
  message(entry: Entry): Reading {
    const { text, program, at } = entry;
    if (at === undefined) return ignored;
    if (program === "dovecot" || program === "dovecot-auth") return readProcess(text, at);
    if (program === "auth") return readAuthProcess(text, 0, at);
    return readLogin(text, 0, at, loginService(program));
  },
  line(entry: Entry, context: Context): Reading {
    const { text } = entry;
    // Dovecot 1 put its name first.
    const from = text.charCodeAt(0) === 100 && text.startsWith("dovecot: ") ? 9 : 0;
    const end = stampEnd(text, from);
    const processAt = end < 0 ? from : afterLevel(text, end);
    if (end < 0 && entry.at === undefined) return foreign;
    if (!isProcess(text, processAt)) return foreign;
    const at = entry.at ?? stampTime(text, from, end, context.time);
    return at === undefined
      ? malformed("no readable time")
      : readProcess(processAt === 0 ? text : text.slice(processAt), at);
  },
  object: (value: JsonObject, context: Context): Reading => readExported(value, context.time),
};

/** Whether the process that is named at `at` is one of Dovecot's. */
function isProcess(text: string, at: number): boolean {
  const names = processes[text.charCodeAt(at) - 97];
  if (names === undefined) return false;
  for (const name of names) if (text.startsWith(name, at)) return true;
  // Names that others have too count only with one of Dovecot's levels after them.
  let colon = at;
  while (colon - at < 20 && text.charCodeAt(colon) >= 45 && text.charCodeAt(colon) !== 58) colon += 1;
  if (text.charCodeAt(colon) !== 58 || !commonNames.has(text.slice(at, colon))) return false;
  return levels.test(text.slice(colon + 2, colon + 11));
}

const levels = /^(?:Info|Warning|Error|Fatal|Panic|Debug): /;

const commonNames = new Set(
  "master anvil config stats log imap pop3 lmtp dict ssl-params director replicator indexer submission".split(" "),
);

/** How the lines of Dovecot's processes begin, by first letter. */
const processes = byFirstLetter([
  "imap-login: ",
  "pop3-login: ",
  "submission-login: ",
  "managesieve-login: ",
  "sieve-login: ",
  "imap-urlauth-login: ",
  "auth: ",
  "auth(",
  "auth-worker: ",
  "auth-worker(",
  "dovecot-auth: ",
  "dovecot: ",
  "imap(",
  "pop3(",
  "lmtp(",
  "lda(",
  "submission(",
  "managesieve(",
  "doveadm(",
  "indexer-worker(",
  "imap-hibernate(",
]);

function byFirstLetter(names: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: 26 }, (_, letter) => names.filter((name) => name.charCodeAt(0) - 97 === letter));
}

/** Reads "imap-login: Info: Login: user=<...". */
function readProcess(text: string, at: Millis): Reading {
  switch (text.charCodeAt(0)) {
    case 105: // i
      if (text.startsWith("imap-login: ")) return readLogin(text, 12, at, "imap");
      return text.startsWith("imap-urlauth-login: ") ? readLogin(text, 20, at, "imap") : ignored;
    case 97: // a
      if (text.startsWith("auth")) return readAuthProcess(text, text.startsWith("auth-worker") ? 11 : 4, at);
      return ignored;
    case 112: // p
      if (text.startsWith("pop3-login: ")) return readLogin(text, 12, at, "pop3");
      return readPam(text, 0, at);
    case 115: // s
      if (text.startsWith("submission-login: ")) return readLogin(text, 18, at, "submission");
      return text.startsWith("sieve-login: ") ? readLogin(text, 13, at, "managesieve") : ignored;
    case 109: // m
      return text.startsWith("managesieve-login: ") ? readLogin(text, 19, at, "managesieve") : ignored;
    case 100: // d: relayed through a second syslog
      if (text.startsWith("dovecot-auth: ")) return readAuthProcess(text, 14, at);
      return text.startsWith("dovecot: ") ? readProcess(text.slice(9), at) : ignored;
    case 73: // I: "Info: imap-login: ..."
      return text.startsWith("Info: ") ? readProcess(text.slice(6), at) : ignored;
    default:
      return ignored;
  }
}

/** Reads a line of auth: its own words or PAM's, from after the process's name on. */
function readAuthProcess(text: string, from: number, at: Millis): Reading {
  const words = text.startsWith(": ", from) ? from + 2 : from;
  if (text.charCodeAt(words) === 112 && text.startsWith("pam_", words)) {
    const pam = readPam(text, words, at);
    if (pam.kind !== "ignored") return pam;
  }
  return readAuth(text, from, at);
}

/**
 * "pam_unix(dovecot:auth): authentication failure; logname= uid=0 euid=0 tty=dovecot ruser=bob rhost=192.0.2.1
 * user=bob".
 */
function readPam(text: string, from: number, at: Millis): Reading {
  const close = text.indexOf("(dovecot:auth): authentication failure; ", from);
  if (close < 0 || close - from > 20 || !text.startsWith("pam_", from)) return ignored;
  const found = pamFailure(text, close + 39);
  if (found === undefined) return malformed("no rhost= field");
  const result = evidence(at, "failure", found.account, found.rhost, "mail");
  const module = text.slice(from, close);
  if (!found.named && module === "pam_unix") result.reason = "unknown-account";
  result.key = sessionKey("", found.rhost, found.account);
  result.channel = module;
  result.hold = true;
  return result;
}
