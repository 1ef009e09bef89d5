/**
 * What auth and auth-worker write (auth_verbose): why an attempt failed, one line per passdb that was asked. They name
 * account and address, and mostly the session, but not the service, and no success.
 *
 *     2.3  passwd-file(bob,192.0.2.1,<session>): Password mismatch
 *     2.4  auth(bob,192.0.2.1,sasl:plain)<session>: passwd-file: Password mismatch
 *
 * A failure in one passdb need not be the attempt's: the next passdb may accept it. So most of this evidence waits
 * (`hold`) for the line of the login process.
 *
 * The name is the client's and may look like the rest of the line. Dovecot cuts it at `NAME_LENGTH_MAX`, and the last
 * identity that begins within it is the server's own.
 */
import type { Millis } from "#/platform/units.ts";
import { type Reading, evidence, ignored } from "#/sources/source.ts";
import { ADDRESS_LENGTH_MAX, isAddressCode, sessionKey } from "./login-lines.ts";
import { type Judgement, judgeMessage } from "./auth-messages.ts";
import { DEBUG, ERROR, WARNING, afterLevel, levelAt } from "./levels.ts";

const COLON = 58;
const COMMA = 44;
const LESS = 60;
const MORE = 62;

/** Dovecot cuts names at 64 bytes, "..." included or, in some versions, not. */
const NAME_LENGTH_MAX = 67;
/** What stands between the name and the end of its parentheses: address, mechanism, "master", session. */
const TAIL_LENGTH_MAX = 200;

/** What Dovecot says of a name with forbidden characters, which it then repeats. Longer than a name may be. */
const DISALLOWED = "Username character disallowed by auth_username_chars: 0x";

const PASSWORD = "(given password: ";

/**
 * Reads the line of an auth process. `from` is where the process's own parentheses or, if it has none, its message
 * begins.
 */
export function readAuth(text: string, from: number, at: Millis): Reading {
  const inner = innerStart(text, from);
  const driverFrom = connectionEnd(text, afterLevel(text, inner));
  const nameFrom = driverEnd(text, driverFrom) + 1;
  if (nameFrom === 0) return ignored;
  const outerLevel = levelAt(text, inner);
  if (isTalk(outerLevel)) return ignored;
  const driver = text.slice(driverFrom, nameFrom - 1);
  const identity = identityFrom(text, nameFrom);
  if (identity === undefined) return withoutAddress(text, nameFrom, driver, at);
  const message = afterLevel(text, identity.level);
  const level = message === identity.level ? outerLevel : levelAt(text, identity.level);
  const judged = isTalk(level) ? undefined : judgeMessage(text, message, driver, level === ERROR);
  return judged === undefined ? ignored : reading(text, identity, judged, at);
}

/** What is logged for debugging, and warnings, refuse nobody. */
function isTalk(level: number): boolean {
  return level === DEBUG || level === WARNING;
}

function reading(text: string, identity: Identity, judged: Judgement, at: Millis): Reading {
  const account = judged.reason === "unknown-account" && identity.account === "?" ? typedName(text) : identity.account;
  const result = evidence(at, "failure", account === "?" ? "" : account, identity.address, "mail");
  result.reason = judged.reason;
  result.key = sessionKey(identity.session, identity.address, result.account);
  result.channel = judged.driver;
  result.hold = !judged.final;
  return result;
}

/** "... (username: what they typed)". */
function typedName(text: string): string {
  const at = text.indexOf("(username: ");
  return at < 0 || !text.endsWith(")") ? "" : text.slice(at + 11, -1);
}

/**
 * Past "(default): " (Dovecot 1) or "(12182): " (a worker up to 2.3); `from` itself in 2.4, and where there is nothing.
 */
function innerStart(text: string, from: number): number {
  if (text.charCodeAt(from) !== 40) return text.startsWith(": ", from) ? from + 2 : from;
  const close = text.indexOf(")", from);
  if (close < 0 || close - from > 20 || !text.startsWith(": ", close + 1)) return from;
  for (let at = from + 1; at < close; at += 1) if (!isWord(text.charCodeAt(at))) return from;
  return close + 3;
}

function isWord(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code === 45 || code === 95;
}

/** Past "conn unix:auth-worker (pid=811,uid=112): auth-worker<4>: ". */
function connectionEnd(text: string, from: number): number {
  if (text.charCodeAt(from) !== 99 || !text.startsWith("conn unix:", from)) return from;
  const worker = text.indexOf("): auth-worker<", from);
  if (worker < 0 || worker - from > 200) return from;
  const end = text.indexOf(">: ", worker);
  return end < 0 || end - worker > 30 ? from : end + 3;
}

/** Where the "(" after the driver's name stands (in 2.4 no name stands before it); -1 where there is none. */
function driverEnd(text: string, from: number): number {
  let at = from;
  while (at - from < 40 && isWord(text.charCodeAt(at))) at += 1;
  return text.charCodeAt(at) === 40 ? at : -1;
}

type Identity = {
  readonly account: string;
  readonly address: string;
  readonly session: string;
  /** Where the level or message begins. */
  readonly level: number;
};

function identityFrom(text: string, nameFrom: number): Identity | undefined {
  const limit = Math.min(text.length, nameFrom + NAME_LENGTH_MAX + TAIL_LENGTH_MAX, passwordStart(text, nameFrom));
  let best: Identity | undefined;
  for (let close = text.indexOf(")", nameFrom); close >= 0 && close < limit; close = text.indexOf(")", close + 1)) {
    const next = text.charCodeAt(close + 1);
    if (next !== COLON && next !== LESS) continue;
    const found = identityBefore(text, nameFrom, close);
    if (found === undefined) continue;
    best = found;
    if (found.account === "?" && text.startsWith(DISALLOWED, afterLevel(text, found.level))) break;
  }
  return best;
}

/**
 * The password stands at the end of the line where the operator lets Dovecot log it (auth_verbose_passwords = plain),
 * and it is the client's too: nothing after it is looked at.
 */
function passwordStart(text: string, from: number): number {
  const last = text.charCodeAt(text.length - 1);
  if (last !== 41 && last !== 98) return text.length;
  const at = text.indexOf(PASSWORD, from);
  return at < 0 ? text.length : at;
}

/** The identity whose parentheses end at `close`, read from its end; undefined where it is none. */
function identityBefore(text: string, nameFrom: number, close: number): Identity | undefined {
  let end = close;
  let session = "";
  if (text.charCodeAt(end - 1) === MORE) {
    const open = text.lastIndexOf(",<", end);
    if (open < nameFrom) return undefined;
    session = text.slice(open + 2, end - 1);
    end = open;
  } else if (text.charCodeAt(end - 1) === COMMA) {
    end -= 1;
  }
  if (text.startsWith(",master", end - 7)) end -= 7;
  let comma = text.lastIndexOf(",", end - 1);
  if (comma < nameFrom) return undefined;
  if (text.startsWith("sasl:", comma + 1)) {
    end = comma;
    comma = text.lastIndexOf(",", end - 1);
  }
  if (comma < nameFrom || comma - nameFrom > NAME_LENGTH_MAX || !isAddress(text, comma + 1, end)) return undefined;
  const account = text.slice(nameFrom, comma);
  const address = text.slice(comma + 1, end);
  if (text.charCodeAt(close + 1) === LESS) return modernIdentity(text, close + 1, account, address);
  return { account, address, session, level: close + 3 };
}

function isAddress(text: string, from: number, to: number): boolean {
  if (to - from < 2 || to - from > ADDRESS_LENGTH_MAX) return false;
  let dots = false;
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    if (!isAddressCode(code)) return false;
    dots ||= code === 46 || code === COLON;
  }
  return dots;
}

/** "<session>: ", or of a worker "<pid><session>: request [4]: " and "<pid>: request [4]: ". */
function modernIdentity(text: string, from: number, account: string, address: string): Identity | undefined {
  const firstEnd = text.indexOf(">", from);
  if (firstEnd < 0) return undefined;
  let session = text.slice(from + 1, firstEnd);
  let end = firstEnd + 1;
  if (text.charCodeAt(end) === LESS) {
    const secondEnd = text.indexOf(">", end);
    if (secondEnd < 0) return undefined;
    session = text.slice(end + 1, secondEnd);
    end = secondEnd + 1;
  } else if (text.startsWith(": request [", end)) {
    session = "";
  }
  if (text.startsWith(": request [", end)) end = text.indexOf("]", end) + 1;
  return text.startsWith(": ", end) ? { account, address, session, level: end + 2 } : undefined;
}

/**
 * "passwd-file(bob): Password mismatch", from where Dovecot was told no address. An unknown user without an address is
 * mostly a delivery that looks for its recipient, and says nothing about sign-ins.
 */
function withoutAddress(text: string, nameFrom: number, driver: string, at: Millis): Reading {
  const close = text.indexOf("): ", nameFrom);
  if (close < 0 || close - nameFrom > NAME_LENGTH_MAX) return ignored;
  const judged = judgeMessage(text, close + 3, driver, false);
  if (judged === undefined || judged.reason !== "bad-password") return ignored;
  return reading(text, { account: text.slice(nameFrom, close), address: "", session: "", level: 0 }, judged, at);
}
