/**
 * Exports are often newest first, or in no order at all, while what is usual must be learned before what is not. A log whose beginning
 * is out of order is read whole and sorted; one in order, as servers write it, passes through untouched.
 */
import type { SignIn } from "#/signin/signin.ts";

/** Sign-ins that are held to be sorted, about 300 MB. A longer log in disorder is judged as it comes, and says so. */
const SORTED_MAX = 2_000_000;
/** A server's log has a few steps back (several processes write it); an export in disorder has them everywhere. */
const STEPS_BACK_MAX = 0.2;
/** Fewer sign-ins at other times than this say nothing about an order. */
const STEPS_MIN = 4;
const BATCH = 4_096;

export type Order = {
  readonly batches: AsyncGenerator<readonly SignIn[]>;
  /** What the reader must be told; complete once the batches are through. "" for nothing. */
  readonly note: () => string;
};

export function inOrder(batches: AsyncGenerator<readonly SignIn[]>, sortedMax = SORTED_MAX): Order {
  let note = "";
  const ordered = async function* (): AsyncGenerator<readonly SignIn[]> {
    try {
      yield* sorted();
    } finally {
      // Begun by hand below, and so ended by hand: whoever stops early must not leave the file open.
      await batches.return(undefined);
    }
  };
  const sorted = async function* (): AsyncGenerator<readonly SignIn[]> {
    const first = await batches.next();
    if (first.done === true) return;
    if (!isDisordered(first.value)) {
      yield first.value;
      yield* batches;
      return;
    }
    const all: SignIn[] = [...first.value];
    for await (const batch of batches) {
      for (const signIn of batch) all.push(signIn);
      if (all.length <= sortedMax) continue;
      note = `it is not in order of time and too long to be sorted (${sortedMax} sign-ins): sort it and scan it again`;
      yield* inBatches(all);
      yield* batches;
      return;
    }
    note = "it was not in order of time, and was sorted";
    // Newest first: what happened at the same moment stands in reverse, too.
    if (isReversed(all)) all.reverse();
    yield* inBatches(all.sort((left, right) => left.at - right.at));
  };
  return { batches: ordered(), note: () => note };
}

function* inBatches(signIns: readonly SignIn[]): Generator<readonly SignIn[]> {
  for (let from = 0; from < signIns.length; from += BATCH) yield signIns.slice(from, from + BATCH);
}

function stepsOf(signIns: readonly SignIn[]): { back: number; all: number } {
  let back = 0;
  let all = 0;
  for (let index = 1; index < signIns.length; index += 1) {
    const step = (signIns[index]?.at ?? 0) - (signIns[index - 1]?.at ?? 0);
    if (step !== 0) all += 1;
    if (step < 0) back += 1;
  }
  return { back, all };
}

function isDisordered(signIns: readonly SignIn[]): boolean {
  const { back, all } = stepsOf(signIns);
  return all >= STEPS_MIN && back > all * STEPS_BACK_MAX;
}

function isReversed(signIns: readonly SignIn[]): boolean {
  const { back, all } = stepsOf(signIns);
  return back > all / 2;
}
