/**
 * What all protocols of the gate share: asking it, telling of a sign-in, making a fingerprint of what tells of a password. They add how a server says
 * it. The desk counts; it never waits for a disk before it answers a question, and a report is acknowledged when it is durable.
 */
import type { Clock } from "#/platform/clock.ts";
import { Failure } from "#/platform/failure.ts";
import { type Millis, seconds } from "#/platform/units.ts";
import type { SignIn } from "#/signin/signin.ts";
import type { Attempt, RecordedVerdict, Verdict } from "../attempt.ts";

/** What is asked. The gate is one. */
export type Decider = {
  readonly decide: (attempt: Attempt, protocol: string) => Verdict;
  /** For what could not be asked, because it could not be read or something broke: open or closed, as is set for the protocol. */
  readonly failed: (protocol: string, why: string, at: Millis) => Verdict;
};

/** Keeps a sign-in; resolves when it is durable. The id is unique within the input that the protocol is. @throws Failure where it cannot be kept */
export type Tell = (signIn: SignIn, id: string) => Promise<void>;

export const protocols = ["dovecot", "postfix", "forward-auth", "json", "wforce"] as const;
export type Protocol = (typeof protocols)[number];

export type DeskPorts = {
  readonly gate: Decider;
  readonly tell: Tell;
  /** Takes a verdict that was, or would have been, other than "allow". Never waits. */
  readonly record: (verdict: RecordedVerdict) => void;
  /** Makes keyed fingerprints of passwords' hashes. What it is given, it forgets. */
  readonly fingerprints: { readonly of: (hash: string, at: Millis) => string };
  readonly clock: Clock;
  /** Unique for each start of the process, so that ids of one run ("run:1", "run:2") are never those of another. */
  readonly run: string;
};

/** Reports that wait to become durable, of each protocol. Beyond that they are refused, told as "busy", and counted. */
const WAITING_MAX = 50_000;

/** What became of a report. */
export type Told = "kept" | "busy" | "unkept";

export type DeskReport = {
  readonly protocol: Protocol;
  /** Verdicts by code and answer, as "familiar allow". */
  readonly verdicts: ReadonlyMap<string, number>;
  readonly told: Readonly<Record<Told, number>>;
  /** Reports that wait to become durable. */
  readonly waiting: number;
  /** What the gate could not decide, because it failed. */
  readonly failures: number;
  /** What would have told of a password, and was not taken, since others may have read it on its way. */
  readonly fingerprintsRefused: number;
  /** What could not be read at all. */
  readonly malformed: number;
  /** Why the last report could not be kept, or the last attempt not decided; "" for nothing. */
  readonly trouble: string;
};

export class Desk {
  readonly protocol: Protocol;
  readonly #ports: DeskPorts;
  readonly #waitingMax: number;
  #seen = new Map<string, number>();
  #seenBefore: ReadonlyMap<string, number> = new Map();
  readonly #verdicts = new Map<string, number>();
  readonly #told: Record<Told, number> = { kept: 0, busy: 0, unkept: 0 };
  #waiting = 0;
  #failures = 0;
  #fingerprintsRefused = 0;
  #malformed = 0;
  #trouble = "";
  #count = 0;

  constructor(protocol: Protocol, ports: DeskPorts, waitingMax = WAITING_MAX) {
    this.protocol = protocol;
    this.#ports = ports;
    this.#waitingMax = waitingMax;
  }

  get clock(): Clock {
    return this.#ports.clock;
  }

  /**
   * Decides. @param once names the attempt where a server asks more than once about it (before and after the password check, for every
   * recipient, for every picture of a page): its verdict is recorded the first time only. "" where every question is an attempt.
   */
  ask(attempt: Attempt, once: string): Verdict {
    const verdict = this.#decided(attempt);
    this.#note(verdict, attempt, once);
    return verdict;
  }

  /** For a question that cannot be read. What it was about is not known, so nothing is recorded of it but the number. */
  askUnread(why: string): Verdict {
    this.#malformed += 1;
    const verdict = this.#ports.gate.failed(this.protocol, why, this.clock.now());
    this.#note(verdict, undefined, "");
    return verdict;
  }

  #note(verdict: Verdict, attempt: Attempt | undefined, once: string): void {
    const key = `${verdict.code} ${verdict.answer}`;
    this.#verdicts.set(key, (this.#verdicts.get(key) ?? 0) + 1);
    if (attempt === undefined || (verdict.answer === "allow" && verdict.would === "allow")) return;
    const { at, account, address, service } = attempt;
    if (this.isFirst(once, at))
      this.#ports.record({ ...verdict, at, account, address, service, protocol: this.protocol });
  }

  /** Whether nobody has named that within the last minute. Always for "". */
  isFirst(once: string, at: number): boolean {
    if (once === "") return true;
    const last = this.#seen.get(once) ?? this.#seenBefore.get(once);
    if (last !== undefined && at - last < ONCE_FOR) return false;
    this.#seen.set(once, at);
    // Those put in longest ago go first: what a stranger fills this with makes his verdicts recorded twice, and nothing worse.
    if (this.#seen.size >= SEEN_MAX) {
      this.#seenBefore = this.#seen;
      this.#seen = new Map();
    }
    return true;
  }

  /** Keeps a sign-in. @param id its name where the server has one for it, under which it counts once; "" for a new one. */
  async tell(signIn: SignIn, id = ""): Promise<Told> {
    const told = await this.#kept(signIn, id === "" ? `${this.#ports.run}:${(this.#count += 1)}` : `given:${id}.`);
    this.#told[told] += 1;
    return told;
  }

  /** A keyed fingerprint of a password's hash; "" where there is none, or where others may have read it on its way. */
  fingerprint(hash: string, isSafe: boolean): string {
    if (hash === "") return "";
    if (isSafe) return this.#ports.fingerprints.of(hash, this.clock.now());
    this.#fingerprintsRefused += 1;
    return "";
  }

  malformed(): void {
    this.#malformed += 1;
  }

  report(): DeskReport {
    return {
      protocol: this.protocol,
      verdicts: this.#verdicts,
      told: { ...this.#told },
      waiting: this.#waiting,
      failures: this.#failures,
      fingerprintsRefused: this.#fingerprintsRefused,
      malformed: this.#malformed,
      trouble: this.#trouble,
    };
  }

  #decided(attempt: Attempt): Verdict {
    try {
      return this.#ports.gate.decide(attempt, this.protocol);
    } catch (error) {
      // A gate that fails must still answer: whether members or strangers pay for its failure is the site's choice.
      this.#failures += 1;
      this.#trouble = `could not decide: ${error instanceof Error ? error.message : String(error)}`;
      return this.#ports.gate.failed(this.protocol, this.#trouble, attempt.at);
    }
  }

  async #kept(signIn: SignIn, id: string): Promise<Told> {
    if (this.#waiting >= this.#waitingMax) {
      this.#trouble = `${this.#waiting} reports wait to be kept, and no more are taken`;
      return "busy";
    }
    this.#waiting += 1;
    try {
      await this.#ports.tell(signIn, id);
      return "kept";
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.#trouble = error.message;
      return "unkept";
    } finally {
      this.#waiting -= 1;
    }
  }
}

/** Longer than any server takes from its first question about an attempt to its last. */
const ONCE_FOR = seconds(60);
/** Of the newer half; as many are kept of the older. */
const SEEN_MAX = 10_000;
