/**
 * Gitea and Forgejo: refused sign-ins of the web front end in gitea.log, on the console and through syslog. Neither
 * logs successes with a name; SSH is read by the source of OpenSSH.
 *
 * The typed name stands before the address, and what went wrong, which repeats the name, after it.
 */
import { isAddress, withoutPort } from "#/sources/address-text.ts";
import {
  type Context,
  type Entry,
  type Reading,
  type Source,
  evidence,
  foreign,
  ignored,
  malformed,
} from "#/sources/source.ts";
import type { Millis } from "#/platform/units.ts";
import type { Reason } from "#/signin/signin.ts";

export const gitea: Source = {
  id: "gitea",
  title: "Gitea and Forgejo",
  programs: ["gitea", "forgejo"],
  message(entry: Entry, context: Context): Reading {
    const reading = read(entry, context);
    return reading.kind === "foreign" ? ignored : reading;
  },
  line(entry: Entry, context: Context): Reading {
    const { text } = entry;
    const isStamped = text.charCodeAt(4) === 47 && text.charCodeAt(7) === 47 && text.charCodeAt(13) === 58;
    return isStamped ? read(entry, context) : foreign;
  },
};

const words = " Failed authentication attempt for ";

/**
 * Reads "2026/11/23 10:00:00 ...auth.go:204:SignInPost() [W] Failed authentication attempt for name from 192.0.2.1:1:
 * why".
 */
function read(entry: Entry, context: Context): Reading {
  const { text } = entry;
  const wordsAt = text.indexOf(words);
  // The file, the function and the level stand before the words.
  if (wordsAt < 0 || wordsAt > PREFIX_LENGTH_MAX || text.charCodeAt(wordsAt - 1) !== 93) return foreign;
  const at = entry.at ?? stampTime(text, context);
  if (at === undefined) return malformed("no readable time");
  const found = split(text, wordsAt + words.length);
  if (found === undefined) return malformed("no client address");
  const reading = evidence(at, "failure", found.account, found.address, "web");
  reading.reason = reasonOf(found.why);
  return reading;
}

const PREFIX_LENGTH_MAX = 160;

function stampTime(text: string, context: Context): Millis | undefined {
  const found = /^(\d{4})\/(\d\d)\/(\d\d) (\d\d):(\d\d):(\d\d)/.exec(text);
  if (found === null) return undefined;
  const [, year, month, day, hour, minute, second] = found;
  return context.time.at(Number(year), Number(month), Number(day), Number(hour), Number(minute), Number(second));
}

type Found = { readonly account: string; readonly address: string; readonly why: string };

/**
 * The reading in which the reason repeats the very name counts: of two readings of one line it can be true of the
 * longer name only. Where no reason stands after the address nothing typed does, and the last one counts. What is left
 * cannot be told apart and counts without an address.
 */
function split(text: string, from: number): Found | undefined {
  const found: Found[] = [];
  for (
    let at = text.indexOf(" from ", from);
    at >= 0 && found.length < CANDIDATES_MAX;
    at = text.indexOf(" from ", at + 1)
  ) {
    const end = /[ ,]|: |$/.exec(text.slice(at + 6, at + 76))?.index ?? 0;
    const address = withoutPort(text.slice(at + 6, at + 6 + end), text.charCodeAt(at + 6) !== 91);
    if (!isAddress(address)) continue;
    const one = { account: text.slice(from, at), address, why: text.slice(at + 6 + end) };
    if (repeatsName(one)) return one;
    found.push(one);
  }
  const first = found[0];
  const last = found.at(-1);
  if (first === undefined || last === undefined) return undefined;
  if (last.why === "" || found.every((one) => one.address === last.address)) return last;
  return { ...first, address: "" };
}

/**
 * Whether the reason is ": user does not exist [uid: 0, name: x]" or with ", keyid: 0" after the name, of this name.
 */
function repeatsName(one: Found): boolean {
  const nameAt = one.why.indexOf(", name: ");
  if (nameAt < 0 || !/^: [a-z' ]{5,60} \[uid: \d{1,19}$/.test(one.why.slice(0, nameAt))) return false;
  return (
    one.why.startsWith(one.account, nameAt + 8) &&
    /^(?:, keyid: \d{1,19})?\]$/.test(one.why.slice(nameAt + 8 + one.account.length))
  );
}

/** Nobody types so many but to slow us down. */
const CANDIDATES_MAX = 16;

function reasonOf(why: string): Reason {
  if (why.startsWith(": user is not allowed login") || why.startsWith(": user login is prohibited")) return "disabled";
  if (/^: (?:dial tcp|LDAP Result Code 200|context deadline)/.test(why)) return "fault";
  return "bad-password";
}
