/**
 * Several logs as one, by time: always the earliest of the logs' next sign-ins. Within a log the order stays as the log has it.
 * What several of them tell of is handed on once.
 */
import type { SignIn } from "#/signin/signin.ts";
import type { Copies } from "./copies.ts";

type Batches = AsyncIterator<readonly SignIn[]>;

/** Where one log stands. Of two at the same time the one that was named first goes first. */
type Head = { readonly batches: Batches; readonly rank: number; batch: readonly SignIn[]; next: number; at: number };

export async function* merge(
  logs: readonly AsyncGenerator<readonly SignIn[]>[],
  batchLength: number,
  copies: Copies,
): AsyncGenerator<readonly SignIn[]> {
  const [only] = logs;
  if (logs.length === 1 && only !== undefined) {
    yield* only;
    return;
  }
  try {
    yield* mergeAll(logs, batchLength, copies);
  } finally {
    for (const log of logs) await log.return(undefined);
  }
}

async function* mergeAll(
  logs: readonly Batches[],
  batchLength: number,
  copies: Copies,
): AsyncGenerator<readonly SignIn[]> {
  const heads: Head[] = [];
  for (const [rank, batches] of logs.entries()) {
    const head = { batches, rank, batch: [], next: 0, at: 0 };
    if (await refill(head)) place(heads, head);
  }
  let merged: SignIn[] = [];
  copies.into(merged);
  for (let head = heads.shift(); head !== undefined; head = heads.shift()) {
    // As far as this log goes without another coming before it: mostly a run of many.
    const [other] = heads;
    for (let isNext = true; isNext; isNext = merged.length < batchLength && isBefore(head, other)) {
      const signIn = head.batch[head.next];
      const original = signIn === undefined ? undefined : copies.original(signIn, head.rank);
      if (original !== undefined) merged.push(original);
      head.next += 1;
      const following = head.batch[head.next];
      if (following === undefined) break;
      head.at = following.at;
    }
    if (head.next < head.batch.length || (await refill(head))) place(heads, head);
    if (merged.length >= batchLength) {
      yield merged;
      merged = [];
      copies.into(merged);
    }
  }
  if (merged.length > 0) yield merged;
}

async function refill(head: Head): Promise<boolean> {
  for (;;) {
    const { done, value } = await head.batches.next();
    if (done === true) return false;
    const [first] = value;
    if (first === undefined) continue;
    head.batch = value;
    head.next = 0;
    head.at = first.at;
    return true;
  }
}

const isBefore = (one: Head, other: Head | undefined): boolean =>
  other === undefined || one.at < other.at || (one.at === other.at && one.rank < other.rank);

/** Puts a head among the others, which stand in the order of their times. */
function place(heads: Head[], head: Head): void {
  let low = 0;
  let high = heads.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const there = heads[middle];
    if (there !== undefined && isBefore(there, head)) low = middle + 1;
    else high = middle;
  }
  heads.splice(low, 0, head);
}
