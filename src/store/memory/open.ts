/** A store in memory: all that the ports promise except that it outlives its process. For simulation and for tests of other rooms. */
import type { Code, RecordedVerdict } from "#/gate/attempt.ts";
import type { PostureChange, PostureLog, VerdictLog } from "#/gate/ports.ts";
import type { Millis } from "#/platform/units.ts";
import type { Store } from "#/store/store.ts";
import type { Snapshots } from "#/watch/ports.ts";
import { MemorySignIns } from "./sign-ins.ts";

/** The newest and the one before. */
const SNAPSHOTS_KEPT = 2;

export function openMemoryStore(): Store {
  return {
    signIns: new MemorySignIns(),
    snapshots: memorySnapshots(),
    postures: memoryPostures(),
    verdicts: new MemoryVerdicts(),
    [Symbol.dispose]: () => undefined,
  };
}

function memorySnapshots(): Snapshots {
  let kept: readonly { readonly sequence: number; readonly version: string; readonly body: Uint8Array }[] = [];
  return {
    save: (sequence, version, body) => {
      const others = kept.filter((one) => one.sequence !== sequence);
      kept = [...others, { sequence, version, body: body.slice() }]
        .sort((one, other) => other.sequence - one.sequence)
        .slice(0, SNAPSHOTS_KEPT);
    },
    newest: (version) => {
      const found = kept.find((one) => one.version === version);
      return found && { sequence: found.sequence, body: found.body.slice() };
    },
  };
}

function memoryPostures(): PostureLog {
  const kept: PostureChange[] = [];
  return {
    append: (change) => void kept.push(structuredClone(change)),
    all: () => structuredClone(kept),
  };
}

class MemoryVerdicts implements VerdictLog {
  #kept: RecordedVerdict[] = [];

  append(verdicts: readonly RecordedVerdict[]): void {
    const newest = this.#kept.at(-1)?.at ?? 0;
    for (const verdict of verdicts) this.#kept.push(verdict);
    // Sorting is stable: those of one time stay in the order in which they came.
    if (verdicts.some(({ at }) => at < newest) || verdicts.length > 1)
      this.#kept.sort((one, other) => one.at - other.at);
  }

  *readSince(at: Millis): Iterable<readonly RecordedVerdict[]> {
    const found = this.#since(at);
    if (found.length > 0) yield found;
  }

  countsSince(at: Millis): ReadonlyMap<Code, number> {
    const counts = new Map<Code, number>();
    for (const { code } of this.#since(at)) counts.set(code, (counts.get(code) ?? 0) + 1);
    return counts;
  }

  forgetBefore(at: Millis): number {
    const before = this.#kept.length;
    this.#kept = this.#since(at);
    return before - this.#kept.length;
  }

  #since(at: Millis): RecordedVerdict[] {
    return this.#kept.filter((verdict) => verdict.at >= at);
  }
}
