/**
 * Several logs as one, by time: always the earliest of the logs' next sign-ins. Within a log the order stays as the log has it.
 */
import type { SignIn } from "#/signin/signin.ts";

type Head = { readonly batches: AsyncIterator<readonly SignIn[]>; batch: readonly SignIn[]; next: number };

const BATCH = 4_096;

export async function* merge(logs: readonly AsyncGenerator<readonly SignIn[]>[]): AsyncGenerator<readonly SignIn[]> {
  const [only] = logs;
  if (logs.length === 1 && only !== undefined) {
    yield* only;
    return;
  }
  const heads: Head[] = [];
  for (const log of logs) {
    const head = { batches: log[Symbol.asyncIterator](), batch: [], next: 0 };
    if (await refill(head)) heads.push(head);
  }
  let merged: SignIn[] = [];
  while (heads.length > 0) {
    const head = earliest(heads);
    const signIn = head.batch[head.next];
    head.next += 1;
    if (signIn !== undefined) merged.push(signIn);
    if (head.next >= head.batch.length && !(await refill(head))) heads.splice(heads.indexOf(head), 1);
    if (merged.length >= BATCH) {
      yield merged;
      merged = [];
    }
  }
  if (merged.length > 0) yield merged;
}

async function refill(head: Head): Promise<boolean> {
  do {
    const { done, value } = await head.batches.next();
    if (done === true) return false;
    head.batch = value;
    head.next = 0;
  } while (head.batch.length === 0);
  return true;
}

function earliest(heads: readonly Head[]): Head {
  let best: Head | undefined;
  for (const head of heads) {
    if (best === undefined || (head.batch[head.next]?.at ?? 0) < (best.batch[best.next]?.at ?? 0)) best = head;
  }
  if (best === undefined) throw new Error("there is no log left to take from");
  return best;
}
