/**
 * Evidence to sign-ins: one attempt counts once, however many lines the server wrote about it.
 *
 * Evidence of one connection or session shares a key. Within it each channel sums its counts, and an attempt is a sign-in as soon as some
 * channel's sum exceeds what has been handed on: three failures on "auth" and a closing "3 attempts" on "login" are three.
 * A weak witness (`hold`) waits for a better one, and a success takes back what waited for the same attempt. Its clock is the log's own.
 *
 * Connections, waiting witnesses and remembered texts are what a stranger can multiply: each has its maximum, and the
 * oldest gives way, as if it had ended or waited long enough.
 */
import type { Duration } from "#/platform/units.ts";
import type { SignIn } from "#/signin/signin.ts";
import { normaliseAccount } from "#/signin/account.ts";
import type { Evidence, Source } from "#/sources/source.ts";
import { Addresses } from "./addresses.ts";
import { type Seen, speaksForAnother } from "./bystanders.ts";
import { Connection, type Held } from "./connection.ts";
import { Interner, flattened } from "./interner.ts";
import { Keys } from "./keys.ts";
import { LogClock } from "./log-clock.ts";
import { learnMore, othersTried, trustWhoKnows } from "./witnesses.ts";

/** How long a weak witness waits for a better one. */
export const HOLD = 10_000;
/** Attempts follow each other more slowly than this; a server's lines about one attempt do not. */
const SAME_ATTEMPT = 1_500;
/** A connection that has been silent for this long is over: what comes later under its key is another. */
export const IDLE = 600_000;

export type JoinLimits = {
  /** Open connections remembered, at least; twice as many at most. */
  readonly connectionsMax: number;
  /** Weak witnesses that wait at a time. */
  readonly waitingMax: number;
};

const defaultLimits: JoinLimits = { connectionsMax: 16_384, waitingMax: 20_000 };

/** What is done with a sign-in. `isWeak` says that only a weak witness speaks for it; `said` is the evidence that completed it, as it was added. */
export type Emit = (signIn: SignIn, isWeak: boolean, said: Evidence) => void;

export class Join {
  readonly #emit: Emit;
  readonly #limits: JoinLimits;
  readonly #connections: Keys<Connection>;
  /** Weak witnesses in the order in which they came, and so in which they fall due. */
  #waiting: Held[] = [];
  #waitingFrom = 0;
  readonly #clock = new LogClock();
  /** Whether one server speaks for another: only then what was said from where is remembered. */
  #areWitnesses = false;
  readonly #accounts = new Interner(normaliseAccount);
  readonly #spell = (account: string): string => this.#accounts.of(account);
  readonly #given = new Interner((text) => text);
  readonly #addresses = new Addresses();
  readonly #servers = new Interner((text) => text);
  readonly #clients = new Interner((text) => text);
  readonly #fingerprints = new Interner((text) => text);

  constructor(emit: Emit, limits: JoinLimits = defaultLimits) {
    this.#emit = emit;
    this.#limits = limits;
    this.#connections = new Keys(limits.connectionsMax);
  }

  add(evidence: Evidence, source: Source): void {
    this.#clock.tick(evidence.server, evidence.at);
    if (this.#waitingFrom < this.#waiting.length) this.#pass();
    if (evidence.key === "") {
      this.#hand(evidence, source, evidence.count);
      return;
    }
    if (evidence.ends && !evidence.hold) {
      this.#last(evidence, source);
      return;
    }
    const connection = this.#connection(evidence);
    if (evidence.hold) this.#wait(evidence, source, connection);
    else this.#count(evidence, source, connection);
    if (evidence.ends) this.ended(evidence.key);
  }

  /** The last word on its connection. Mostly it is the only one, and nothing needs to be remembered of it. */
  #last(evidence: Evidence, source: Source): void {
    const connection = this.#connections.take(evidence.key);
    if (connection === undefined) {
      this.#hand(evidence, source, evidence.count);
      return;
    }
    const isAnother = isIdle(connection, evidence.at);
    if (isAnother) this.#close(connection);
    this.#count(evidence, source, isAnother ? new Connection(evidence.at, evidence.channel) : connection);
    if (!isAnother) this.#close(connection);
  }

  /** The connection is over: what waited is counted now. */
  ended(key: string): void {
    const connection = this.#connections.take(key);
    if (connection !== undefined) this.#close(connection);
  }

  /** The connection comes from this address: what waits and does not know it learns it. */
  placed(key: string, address: string): void {
    for (const { evidence } of this.#connections.get(key)?.held ?? []) {
      if (evidence.address === "") evidence.address = this.#addresses.of(address);
    }
  }

  /** How much time has passed in the log, as its own lines and `silence` tell. Never goes back. */
  get elapsed(): number {
    return this.#clock.elapsed;
  }

  /** So long nothing was written, as far as whoever follows the log knows: weak witnesses do not wait for the next line. */
  silence(length: Duration): void {
    this.#clock.elapsed += length;
    this.#pass();
  }

  /** The log is over, or whoever wrote it wants to know now: nobody waits any longer. */
  end(): void {
    while (this.#waitingFrom < this.#waiting.length) this.#settleOldest();
  }

  #close(connection: Connection): void {
    for (const held of connection.takeHeld()) this.#settle(held);
  }

  #connection({ key: given, at, channel }: Evidence): Connection {
    const key = flattened(given);
    const found = this.#connections.get(key);
    if (found !== undefined) {
      if (!isIdle(found, at)) {
        if (at > found.last) found.last = at;
        return found;
      }
      this.#close(found);
    }
    const fresh = new Connection(at, channel);
    this.#connections.set(key, fresh);
    return fresh;
  }

  #wait(evidence: Evidence, source: Source, connection: Connection): void {
    this.#detach(evidence);
    const held = { evidence, source, connection, due: this.#clock.elapsed + HOLD, done: false };
    connection.hold(held);
    this.#waiting.push(held);
    if (speaksForAnother(evidence)) {
      this.#areWitnesses = true;
      this.#addresses.at(evidence.address).seen.waiting = held;
    }
    if (this.#waiting.length - this.#waitingFrom > this.#limits.waitingMax) this.#settleOldest();
  }

  #count(evidence: Evidence, source: Source, connection: Connection): void {
    if (connection.held.length > 0) {
      if (evidence.outcome === "success") {
        connection.takeBack(evidence, evidence.service === "ssh" ? HOLD : SAME_ATTEMPT);
      } else if (!evidence.hold) learnMore(evidence, connection.held, this.#spell);
    }
    const more = connection.count(evidence);
    if (more > 1 && connection.held.length > 0) this.#handAll(evidence, source, more, connection);
    else if (more > 0) this.#hand(evidence, source, more);
  }

  /** Several attempts at once: those of which witnesses say that they were on other names are theirs. */
  #handAll(evidence: Evidence, source: Source, count: number, { held }: Connection): void {
    let left = count;
    if (!evidence.hold && evidence.outcome === "failure") {
      for (const other of othersTried(evidence.account, held, count - 1, this.#spell)) {
        this.#hand({ ...evidence, ...other }, source, other.count, evidence);
        left -= other.count;
      }
    }
    this.#hand(evidence, source, left);
  }

  #settle(held: Held): void {
    if (held.done) return;
    held.done = true;
    const { evidence, source, connection } = held;
    if (connection.isNews(evidence)) {
      if (speaksForAnother(evidence) && this.#addresses.at(evidence.address).seen.isTold(held)) return;
      if (evidence.address === "") learnMore(evidence, connection.held, this.#spell);
      trustWhoKnows(evidence, connection.held, this.#spell);
    }
    this.#count(evidence, source, connection);
  }

  /** Time has passed: weak witnesses that have waited long enough speak. */
  #pass(): void {
    for (;;) {
      const held = this.#waiting[this.#waitingFrom];
      if (held === undefined || (!held.done && held.due >= this.#clock.elapsed)) return;
      this.#settleOldest();
    }
  }

  #settleOldest(): void {
    const held = this.#waiting[this.#waitingFrom];
    this.#waitingFrom += 1;
    if (this.#waitingFrom === this.#waiting.length || this.#waitingFrom > 4_096) {
      this.#waiting = this.#waiting.slice(this.#waitingFrom);
      this.#waitingFrom = 0;
    }
    if (held === undefined) return;
    this.#settle(held);
    held.connection.letGo(held);
  }

  /** Another server may have spoken of this attempt already; it is done with now, and may know more. */
  #learnFrom(seen: Seen, evidence: Evidence): void {
    const witness = seen.witnessOf(evidence);
    if (witness !== undefined) learnMore(evidence, [witness], this.#spell);
  }

  /** What waits must not keep the chunk of the file that its texts are slices of. */
  #detach(evidence: Evidence): void {
    if (evidence.account !== "") evidence.account = this.#givenAs(evidence.account, this.#spell(evidence.account));
    if (evidence.address !== "") evidence.address = this.#addresses.of(evidence.address);
    if (evidence.server !== "") evidence.server = this.#servers.of(bounded(evidence.server));
    if (evidence.client !== "") evidence.client = this.#clients.of(bounded(evidence.client));
    if (evidence.passwordFingerprint !== "") evidence.passwordFingerprint = this.#fingerprint(evidence);
  }

  /** The account as given, the same string as its one spelling where that is what was given. */
  #givenAs(given: string, account: string): string {
    return given === account ? account : this.#given.of(bounded(given));
  }

  #fingerprint({ passwordFingerprint }: Evidence): string {
    return this.#fingerprints.of(bounded(passwordFingerprint));
  }

  #hand(evidence: Evidence, source: Source, count: number, said: Evidence = evidence): void {
    if (evidence.account === "" && evidence.address === "") return;
    const address = this.#addresses.at(evidence.address);
    const seen = this.#areWitnesses && !evidence.hold && evidence.address !== "" ? address.seen : undefined;
    if (seen !== undefined) this.#learnFrom(seen, evidence);
    const account = evidence.account === "" ? "" : this.#accounts.of(evidence.account);
    const signIn: SignIn = {
      at: evidence.at,
      outcome: evidence.outcome,
      reason: evidence.reason,
      account,
      accountGiven: this.#givenAs(evidence.account, account),
      address: address.text,
      service: evidence.service,
      server: evidence.server === "" ? "" : this.#servers.of(bounded(evidence.server)),
      client: evidence.client === "" ? "" : this.#clients.of(bounded(evidence.client)),
      count,
      passwordFingerprint: evidence.passwordFingerprint === "" ? "" : this.#fingerprint(evidence),
      source: source.id,
    };
    seen?.tell(evidence, signIn.accountGiven);
    this.#emit(signIn, evidence.hold, said);
  }
}

const isIdle = ({ last }: Connection, at: number): boolean => Math.abs(at - last) > IDLE;

/** Longest text that is kept as given; what is longer says nothing more. */
const textLengthMax = 1_024;

const bounded = (text: string): string => (text.length > textLengthMax ? text.slice(0, textLengthMax) : text);
