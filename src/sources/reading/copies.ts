/**
 * The same lines in several logs: Debian writes what a mail server says to mail.log, mail.info and syslog, and people name
 * a log together with its copy, or what the journal has beside what syslog wrote. What one program of one host says in two logs at
 * the same time, as exactly as they tell it, about the same attempt is one attempt, and counts as often as the log says that has it
 * most often.
 *
 * As long as no program writes to two of the logs, which is the rule, each sign-in costs a comparison or two and nothing is remembered.
 */
import type { SignIn } from "#/signin/signin.ts";
import { Keys } from "./keys.ts";

/** Programs of hosts that are told apart; with more, the further ones are taken as they come. */
const WRITERS_MAX = 16_384;
/** Sign-ins remembered, at least; twice as many at most. Logs are merged by time, so that a copy is never far. */
const REMEMBERED = 32_768;
/** A line may come to one log so much later than to the other, ms. */
const LATER_MAX = 250;
/** Attempts alike that are looked through, the latest ones: who makes more of them in a second is not missed. */
const ALIKE_MAX = 256;

/** A program of a host, as far as its lines tell. */
type Writer = {
  readonly number: number;
  /** The log that it was first met in. */
  readonly log: number;
  /** Whether another log has it, too. */
  isShared: boolean;
};

/** An attempt, or several of the same moment, and how often it was told of. */
type Told = {
  readonly at: number;
  /** The log from which it was handed on. */
  readonly log: number;
  readonly handedOn: number;
  /** Other logs that have it, too, and how often: log, count, log, count, ... */
  readonly counts: number[];
};

/** What is done with a sign-in of `log` of which `count` attempts were handed on from the log `original` already. */
type OnCopy = (signIn: SignIn, count: number, log: number, original: number) => void;

export class Copies {
  readonly #onCopy: OnCopy;
  readonly #writers = new Map<string, Map<string, Writer>>();
  #writersLeft = WRITERS_MAX;
  #source = "";
  #server = "";
  #writer: Writer | undefined;
  readonly #told = new Keys<Told[]>(REMEMBERED);
  /** Handed on lately; the second is still being filled. */
  #recent: readonly (readonly SignIn[])[] = [];

  constructor(onCopy: OnCopy) {
    this.#onCopy = onCopy;
  }

  /** The list to which what is handed on from now on is added. */
  into(batch: readonly SignIn[]): void {
    this.#recent = [...this.#recent.slice(-1), batch];
  }

  /** The next sign-in of all logs by time: as it is, with a smaller count, or undefined where it was handed on already. */
  original(signIn: SignIn, log: number): SignIn | undefined {
    const writer = this.#writerOf(signIn, log);
    if (writer === undefined) return signIn;
    if (!writer.isShared) {
      if (writer.log === log) return signIn;
      writer.isShared = true;
      this.#lookBack(writer, signIn);
    }
    return this.#first(signIn, log, writer);
  }

  #writerOf({ source, server }: SignIn, log: number): Writer | undefined {
    if (server === this.#server && source === this.#source) return this.#writer;
    let servers = this.#writers.get(source);
    if (servers === undefined) {
      servers = new Map();
      this.#writers.set(source, servers);
    }
    let writer = servers.get(server);
    if (writer === undefined && this.#writersLeft > 0) {
      writer = { number: this.#writersLeft, log, isShared: false };
      this.#writersLeft -= 1;
      servers.set(server, writer);
    }
    this.#source = source;
    this.#server = server;
    this.#writer = writer;
    return writer;
  }

  /** Another log has this writer, too: what it said last, all of it in its first log, is remembered now. */
  #lookBack(writer: Writer, { source, server }: SignIn): void {
    for (const batch of this.#recent) {
      for (const past of batch)
        if (past.source === source && past.server === server) this.#first(past, writer.log, writer);
    }
  }

  #first(signIn: SignIn, log: number, writer: Writer): SignIn | undefined {
    const { at, count } = signIn;
    const identity = identityOf(signIn, writer);
    const alike = this.#told.get(identity) ?? [];
    let left = count;
    // What was told at the very same time is meant before what only may be.
    for (const told of alike) if (told.at === at) left -= this.#claim(told, log, left, signIn);
    for (const told of alike) if (left > 0 && isSameTime(told.at, at)) left -= this.#claim(told, log, left, signIn);
    if (left <= 0) return undefined;
    const kept = alike.filter((told) => at - told.at <= SECOND + LATER_MAX).slice(-ALIKE_MAX);
    this.#told.set(identity, [...kept, { at, log, handedOn: left, counts: [] }]);
    return left < count ? { ...signIn, count: left } : signIn;
  }

  /** How many of these attempts are those that another log told of. */
  #claim({ log: original, handedOn, counts }: Told, log: number, count: number, signIn: SignIn): number {
    if (log === original) return 0;
    const taken = Math.min(count, handedOn - countOf(counts, log));
    if (taken <= 0) return 0;
    addTo(counts, log, taken);
    this.#onCopy(signIn, taken, log, original);
    return taken;
  }
}

const SECOND = 1_000;

/** Whether two logs may mean the same moment: one may tell whole seconds only, and what comes to it later has a later time. */
function isSameTime(one: number, other: number): boolean {
  const [earlier, later] = one < other ? [one, other] : [other, one];
  if (later % SECOND === 0) return earlier === later || (earlier % SECOND !== 0 && later - earlier <= LATER_MAX);
  return later - earlier <= (earlier % SECOND === 0 ? SECOND : 0) + LATER_MAX;
}

/** Not the reason: one of the logs may hold more lines about the attempt, and so know more of why it failed. */
const identityOf = ({ outcome, address, account, service }: SignIn, { number }: Writer): string =>
  `${number} ${outcome} ${service} ${address} ${account}`;

/** How often that log has told of it. */
function countOf(counts: readonly number[], log: number): number {
  for (let at = 0; at < counts.length; at += 2) if (counts[at] === log) return counts[at + 1] ?? 0;
  return 0;
}

function addTo(counts: number[], log: number, count: number): void {
  for (let at = 0; at < counts.length; at += 2) {
    if (counts[at] !== log) continue;
    counts[at + 1] = (counts[at + 1] ?? 0) + count;
    return;
  }
  counts.push(log, count);
}
