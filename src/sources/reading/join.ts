/**
 * Evidence to sign-ins: one attempt counts once, however many lines the server wrote about it.
 *
 * Evidence of one connection or session shares a key. Within it each channel sums its counts, and an attempt is a sign-in as soon as some
 * channel's sum exceeds what has been handed on: three failures on "auth" and a closing "3 attempts" on "login" are three.
 * A weak witness (`hold`) waits for a better one, and a success takes back what waited for the same attempt. Its clock is the log's own.
 */
import type { Outcome, SignIn } from "#/signin/signin.ts";
import { canonicalAddress } from "#/signin/address.ts";
import { normaliseAccount } from "#/signin/account.ts";
import type { Evidence, Source } from "#/sources/source.ts";
import { Interner } from "./interner.ts";

/** How long a weak witness waits for a better one. */
const HOLD = 10_000;
/** Attempts follow each other more slowly than this; a server's lines about one attempt do not. */
const SAME_ATTEMPT = 1_500;
/** A connection that has been silent for this long is over. */
const IDLE = 600_000;
const SWEEP_EVERY = 60_000;
/** Connections kept at once. When full, those idle longest are closed as if they had ended. */
const KEYS_MAX = 100_000;

type Held = { readonly evidence: Evidence; readonly source: Source; readonly due: number; done: boolean };

type Bystanders = { readonly told: Map<string, Evidence>; readonly held: Map<string, Held> };

type Connection = {
  last: number;
  readonly failed: Map<string, number>;
  readonly succeeded: Map<string, number>;
  failures: number;
  successes: number;
  held: Held[];
};

/** Channels of one connection; a client that invents more has them counted as one. */
const CHANNELS_MAX = 64;

export class Join {
  readonly #emit: (signIn: SignIn) => void;
  readonly #connections = new Map<string, Connection>();
  /** Weak witnesses in the order in which they came, and so in which they fall due. */
  #waiting: Held[] = [];
  #waitingFrom = 0;
  #clock = 0;
  #swept = 0;
  /**
   * Sign-ins and weak witnesses of the last seconds by address, kept only while one server speaks for another: PAM or Dovecot's
   * auth for Postfix, which names the client but often not the account.
   */
  #bystanders: Bystanders | undefined;
  readonly #accounts = new Interner(normaliseAccount);
  readonly #given = new Interner((text) => text);
  readonly #addresses = new Interner(canonicalAddress);
  readonly #names = new Interner((text) => text);

  constructor(emit: (signIn: SignIn) => void) {
    this.#emit = emit;
  }

  add(evidence: Evidence, source: Source): void {
    this.#pass(evidence.at);
    if (evidence.key === "") {
      this.#hand(evidence, source, evidence.count);
      return;
    }
    const connection = this.#connection(evidence);
    connection.last = Math.max(connection.last, evidence.at);
    if (evidence.hold) this.#wait(evidence, source, connection);
    else this.#count(evidence, source, connection);
    if (evidence.ends) this.ended(evidence.key);
  }

  /** The connection is over: what waited is counted now. */
  ended(key: string): void {
    const connection = this.#connections.get(key);
    if (connection === undefined) return;
    for (const held of connection.held) this.#settle(held, connection);
    this.#connections.delete(key);
  }

  /** The log is over. */
  end(): void {
    for (const key of [...this.#connections.keys()]) this.ended(key);
    this.#waiting = [];
    this.#waitingFrom = 0;
  }

  #connection(evidence: Evidence): Connection {
    const found = this.#connections.get(evidence.key);
    if (found !== undefined) return found;
    if (this.#connections.size >= KEYS_MAX) this.#closeIdlest();
    const fresh = { last: evidence.at, failed: new Map(), succeeded: new Map(), failures: 0, successes: 0, held: [] };
    this.#connections.set(evidence.key, fresh);
    return fresh;
  }

  #wait(evidence: Evidence, source: Source, connection: Connection): void {
    const held = { evidence, source, due: evidence.at + HOLD, done: false };
    connection.held.push(held);
    this.#waiting.push(held);
    if (!speaksForAnother(evidence)) return;
    this.#bystanders ??= { told: new Map(), held: new Map() };
    if (this.#bystanders.held.size < KEYS_MAX) this.#bystanders.held.set(evidence.address, held);
  }

  #count(evidence: Evidence, source: Source, connection: Connection): void {
    if (evidence.outcome === "success") this.#takeBack(evidence, connection);
    else if (!evidence.hold) learnMore(evidence, connection.held);
    const isSuccess = evidence.outcome === "success";
    const sums = isSuccess ? connection.succeeded : connection.failed;
    const channel = sums.has(evidence.channel) || sums.size < CHANNELS_MAX ? evidence.channel : "";
    const sum = (sums.get(channel) ?? 0) + evidence.count;
    sums.set(channel, sum);
    const handed = isSuccess ? connection.successes : connection.failures;
    if (sum <= handed) return;
    if (isSuccess) connection.successes = sum;
    else connection.failures = sum;
    this.#hand(evidence, source, sum - handed);
  }

  /** A success: what failed in the same attempt (another passdb, a key that was not accepted) was no attempt of its own. */
  #takeBack(success: Evidence, connection: Connection): void {
    if (connection.held.length === 0) return;
    const within = success.service === "ssh" ? HOLD : SAME_ATTEMPT;
    for (const held of connection.held) {
      if (held.evidence.outcome === ("failure" satisfies Outcome) && success.at - held.evidence.at <= within) held.done = true;
    }
    connection.held = connection.held.filter(({ done }) => !done);
  }

  #settle(held: Held, connection: Connection): void {
    if (held.done) return;
    held.done = true;
    if (this.#isPaired(held.evidence)) return;
    this.#count(held.evidence, held.source, connection);
  }

  /** What another server has told itself. */
  #isPaired(evidence: Evidence): boolean {
    if (this.#bystanders === undefined || !speaksForAnother(evidence)) return false;
    const told = this.#bystanders.told.get(evidence.address);
    return told !== undefined && told.key !== evidence.key && isSameAttempt(told, evidence);
  }

  /** A server's own word on an attempt of which another has spoken already: that one is done with, and may know the account. */
  #pair(evidence: Evidence, bystanders: Bystanders): void {
    const held = bystanders.held.get(evidence.address);
    if (held !== undefined && !held.done && held.evidence.key !== evidence.key && isSameAttempt(held.evidence, evidence)) {
      held.done = true;
      learnMore(evidence, [held]);
    }
    if (bystanders.told.size < KEYS_MAX) bystanders.told.set(evidence.address, evidence);
  }

  /** Time passes: weak witnesses that have waited long enough speak, silent connections close. */
  #pass(at: number): void {
    if (at <= this.#clock) return;
    this.#clock = at;
    while (this.#waitingFrom < this.#waiting.length) {
      const held = this.#waiting[this.#waitingFrom];
      if (held === undefined || held.due >= at) break;
      this.#waitingFrom += 1;
      const connection = this.#connections.get(held.evidence.key);
      if (held.done || connection === undefined) continue;
      this.#settle(held, connection);
      connection.held = connection.held.filter(({ done }) => !done);
    }
    if (this.#waitingFrom > 4_096) {
      this.#waiting = this.#waiting.slice(this.#waitingFrom);
      this.#waitingFrom = 0;
    }
    if (at - this.#swept > SWEEP_EVERY) this.#sweep(at);
  }

  #sweep(at: number): void {
    this.#swept = at;
    for (const [key, connection] of this.#connections) if (at - connection.last > IDLE) this.ended(key);
    for (const [address, told] of this.#bystanders?.told ?? []) if (at - told.at > HOLD) this.#bystanders?.told.delete(address);
    for (const [address, held] of this.#bystanders?.held ?? []) if (at > held.due) this.#bystanders?.held.delete(address);
  }

  #closeIdlest(): void {
    const lasts = Float64Array.from([...this.#connections.values()].map(({ last }) => last)).sort();
    const cutoff = lasts[lasts.length >> 1] ?? 0;
    for (const [key, connection] of this.#connections) if (connection.last <= cutoff) this.ended(key);
  }

  #hand(evidence: Evidence, source: Source, count: number): void {
    if (this.#bystanders !== undefined && !evidence.hold) this.#pair(evidence, this.#bystanders);
    if (evidence.account === "" && evidence.address === "") return;
    const account = this.#accounts.of(evidence.account);
    this.#emit({
      at: evidence.at,
      outcome: evidence.outcome,
      reason: evidence.reason,
      account,
      accountGiven: evidence.account === account ? account : this.#given.of(evidence.account),
      address: this.#addresses.of(evidence.address),
      service: evidence.service,
      server: this.#names.of(evidence.server),
      client: this.#names.of(evidence.client),
      count,
      source: source.id,
    });
  }
}

/**
 * PAM, which may speak under another process id than the server that asked it (sshd's keyboard-interactive, saslauthd), and
 * Dovecot's auth for whoever asked it without a session of its own.
 */
function speaksForAnother({ channel, key, address }: Evidence): boolean {
  return address !== "" && (channel.startsWith("pam") || key.startsWith("dovecot::"));
}

function isSameAttempt(one: Evidence, other: Evidence): boolean {
  if (one.outcome !== other.outcome || Math.abs(one.at - other.at) > HOLD) return false;
  return one.account === other.account || one.account === "" || other.account === "";
}

/** A weak witness may know better why an attempt failed, and on which account; the latest is likeliest to mean this one. */
function learnMore(evidence: Evidence, witnesses: readonly Held[]): void {
  for (let index = witnesses.length - 1; index >= 0; index -= 1) {
    const witness = witnesses[index]?.evidence;
    if (witness?.outcome !== "failure") continue;
    if (evidence.account === "") evidence.account = witness.account;
    if (evidence.reason === "bad-password" || evidence.reason === "other") evidence.reason = witness.reason;
  }
}
