/**
 * The contract of a live input (a followed file, syslog, the journal, a push): it turns what comes in into sign-ins and hands them on in
 * batches. What it was sent is acknowledged, and its place in a file moves, only when the batch is durable. It knows nothing of
 * what is usual, of verdicts or of stores.
 */
import type { SignIn } from "#/signin/signin.ts";

/** A sign-in with the name under which its input would tell it again: the same name, the same attempt. */
export type Arrival = {
  readonly signIn: SignIn;
  /**
   * Unique within its input, and the same when the same is read again: a file's identity and an offset, a record's id. Kept in the fewest
   * bytes and known again the fastest where it ends in ":" and a number that rises.
   */
  readonly id: string;
};

export type Batch = {
  /** Names the input for ever: "follow:/var/log/mail.log", "push", "gate:dovecot". */
  readonly input: string;
  readonly arrivals: readonly Arrival[];
  /** Where to go on after a restart once this batch is durable, in the input's own words; undefined where there is no such place. */
  readonly position: string | undefined;
};

/** Takes a batch; resolves when it is durable. Who waits for it before reading on is thereby held back. @throws Failure where it cannot be kept. */
export type Take = (batch: Batch) => Promise<void>;

/** What an input counts of itself, for `doctor` and the metrics. */
export type InputReport = {
  readonly input: string;
  readonly signIns: number;
  readonly ignored: number;
  readonly malformed: number;
  /** Dropped because it came faster than it could be kept, where the protocol knows no waiting (UDP). */
  readonly dropped: number;
  /** What stands in its way now, in a sentence; "" for nothing. */
  readonly trouble: string;
};

/** A running input. Ends cleanly: what it has taken and not handed on is handed on first. */
export type Input = AsyncDisposable & { readonly report: () => InputReport };
