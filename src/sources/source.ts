/**
 * The contract between a log format and the rest: a source turns one entry of a log into evidence of a sign-in. It is
 * pure: no clock, no files, no memory from one entry to the next. What several lines say about one attempt is joined
 * afterwards (join.ts), by the keys that the source puts on its evidence.
 */
import type { Millis } from "#/platform/units.ts";
import type { Outcome, Reason, Service } from "#/signin/signin.ts";
import type { LocalTime } from "./local-time.ts";

/**
 * What one entry says about one attempt. Build it with `evidence()`, so that every one has the same shape (V8 is several
 * times faster on objects of one shape).
 */
export type Evidence = {
  readonly kind: "evidence";
  at: Millis;
  outcome: Outcome;
  /** "" for a success. */
  reason: Reason | "";
  /** The account as the server wrote it, quoting undone; "" where it does not say. */
  account: string;
  /** The address as the server wrote it; canonicalised later. Never one that the client typed. "" where it does not say. */
  address: string;
  service: Service;
  /** "" means: the wrapper's host. */
  server: string;
  client: string;
  /** A keyed hash of the password that was tried; never a password. "" where the source has none, as nearly all. */
  passwordFingerprint: string;
  /** Attempts that this entry stands for, at least 1. */
  count: number;
  /**
   * Entries with the same key are about the same connection or session. "" where one entry is one attempt. The source
   * puts its own id first ("sshd:host:pid") so that keys of two formats never meet.
   */
  key: string;
  /**
   * Within a key, entries of one channel each count, and those of different channels are about the same attempts: a
   * session with 3 failures on channel "auth" and a closing line "3 attempts" on channel "login" has had 3, not 6.
   */
  channel: string;
  /** A weak witness (a PAM line beside sshd's own): wait a few seconds for a better one of the same key before counting. */
  hold: boolean;
  /** The key ends here: whatever comes later under it is another connection. */
  ends: boolean;
};

/** Not an entry of this format at all: another source may try. */
export type Foreign = { readonly kind: "foreign" };
/** An entry of this format that is not about a sign-in. */
export type Ignored = { readonly kind: "ignored" };
/** The end of a connection or session without a sign-in of its own. */
export type Ended = { readonly kind: "ended"; readonly key: string };
/**
 * Where a connection comes from, without a sign-in of its own: attempts of the same key whose own lines name no address,
 * and that still wait for a better witness, have it from here.
 */
export type Placed = { readonly kind: "placed"; readonly key: string; readonly address: string };
/** An entry that is about a sign-in and cannot be read. `why` is shown to the operator with file and line. */
export type Malformed = {
  readonly kind: "malformed";
  readonly why: string;
  /** A part of the entry that nobody may be shown. */
  readonly secret?: string;
};

export type Reading = Evidence | Foreign | Ignored | Ended | Placed | Malformed;

export const foreign: Foreign = Object.freeze({ kind: "foreign" });
export const ignored: Ignored = Object.freeze({ kind: "ignored" });
export const malformed = (why: string): Malformed => ({ kind: "malformed", why });
export const ended = (key: string): Ended => ({ kind: "ended", key });
export const placed = (key: string, address: string): Placed => ({ kind: "placed", key, address });

/** One attempt, with everything that a source has no word on left at its neutral value. Set further fields on the result. */
export function evidence(at: Millis, outcome: Outcome, account: string, address: string, service: Service): Evidence {
  return {
    kind: "evidence",
    at,
    outcome,
    reason: outcome === "success" ? "" : "bad-password",
    account,
    address,
    service,
    server: "",
    client: "",
    passwordFingerprint: "",
    count: 1,
    key: "",
    channel: "",
    hold: false,
    ends: false,
  };
}

/** A line with its wrapper (syslog, journald, Docker) taken off. */
export type Entry = {
  /** The wrapper's time; undefined for a plain line, which then has to bring its own. */
  at: Millis | undefined;
  /** The wrapper's host; "" if it names none. */
  host: string;
  /** The program as syslog names it, lower case, without path, "[pid]" and colon: "sshd", "postfix/smtpd"; "" for a plain line. */
  program: string;
  /** The process id as text; "" if not given. */
  pid: string;
  /** The message, or the whole line where there is no wrapper. Valid text, no line end; may hold any other character. */
  text: string;
};

/** What a source may ask of the file it is reading. */
export type Context = {
  /** Turns local times without zone or year into UTC, and says so in the output. */
  readonly time: LocalTime;
};

/**
 * A log format. Which of `message`, `line`, `object` it has says in which shapes it comes; each is called only with what
 * it is for, and answers `foreign` as fast as it can (no regular expressions before a cheap test).
 */
export type Source = {
  /** kebab-case, what --format takes and what the output calls it. */
  readonly id: string;
  /** As people call it: "Dovecot 2.3 and 2.4". */
  readonly title: string;
  /** Syslog programs whose messages it reads, lower case. A trailing "*" matches any ending: "postfix*". */
  readonly programs: readonly string[];
  /** Reads the message of a syslog, journald or Docker entry whose program is one of `programs`. */
  readonly message?: (entry: Entry, context: Context) => Reading;
  /** Reads a line that brings its own time: the program's own log file, or a wrapped line whose program says nothing. */
  readonly line?: (entry: Entry, context: Context) => Reading;
  /** Reads one JSON object, one CSV row (as an object keyed by the header) or one XML event (as `xml.ts` gives it). */
  readonly object?: (value: JsonObject, context: Context) => Reading;
  /** CSV without a usable header row: the header line begins with one of these ("#Fields:", "DateTime,..."). */
  readonly csvHeaders?: readonly string[];
};

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export type JsonObject = { readonly [name: string]: Json | undefined };
