// Sign-ins over time, in slots that double in width whenever there would be too many of them: memory stays the same
// however long the log.
import type { Timeline } from "./conclusion.ts";
import { usualBetween } from "./usual-traffic.ts";
import { type Duration, type Millis, millis, minutes } from "#/platform/units.ts";

/** As many slots as are kept; a plot shows fewer. */
const SLOTS_MAX = 4_096;
const SHOWN_MAX = 240;
const SLOT_FIRST = minutes(1);

type Slot = { successes: number; failures: number; unfamiliar: number };

export class Tally {
  private slots = new Map<number, Slot>();
  private width: number = SLOT_FIRST;
  private lastIndex = Number.NaN;
  private last: Slot = { successes: 0, failures: 0, unfamiliar: 0 };

  add(at: Millis, success: boolean, unfamiliar: boolean, count: number): void {
    if (Math.floor(at / this.width) !== this.lastIndex) {
      this.#open(at);
      if (this.slots.size > SLOTS_MAX) {
        this.#coarsen();
        this.#open(at);
      }
    }
    if (success) this.last.successes += count;
    else {
      this.last.failures += count;
      if (unfamiliar) this.last.unfamiliar += count;
    }
  }

  /** The slot of that time is the one that is counted in. */
  #open(at: Millis): void {
    const index = Math.floor(at / this.width);
    let slot = this.slots.get(index);
    if (slot === undefined) {
      slot = { successes: 0, failures: 0, unfamiliar: 0 };
      this.slots.set(index, slot);
    }
    this.last = slot;
    this.lastIndex = index;
  }

  #coarsen(): void {
    const old = this.slots;
    this.slots = new Map();
    this.width *= 2;
    for (const [index, slot] of old) this.#merge(Math.floor(index / 2), slot);
  }

  #merge(index: number, slot: Slot): void {
    const into = this.slots.get(index);
    if (into === undefined) {
      this.slots.set(index, { ...slot });
      return;
    }
    into.successes += slot.successes;
    into.failures += slot.failures;
    into.unfamiliar += slot.unfamiliar;
  }

  /** Slots in order, empty ones filled in, few enough to plot. */
  timeline(): Timeline {
    if (this.slots.size === 0) return { from: millis(0), slot: SLOT_FIRST, slots: [] };
    let first = Math.min(...this.slots.keys());
    let last = Math.max(...this.slots.keys());
    let factor = 1;
    while (Math.floor(last / factor) - Math.floor(first / factor) >= SHOWN_MAX) factor *= 2;
    first = Math.floor(first / factor);
    last = Math.floor(last / factor);
    const slots = Array.from({ length: last - first + 1 }, () => ({ successes: 0, failures: 0, unfamiliar: 0 }));
    for (const [index, slot] of this.slots) {
      const into = slots[Math.floor(index / factor) - first];
      if (into === undefined) continue;
      into.successes += slot.successes;
      into.failures += slot.failures;
      into.unfamiliar += slot.unfamiliar;
    }
    const width = this.width * factor;
    return { from: millis(first * width), slot: width as Duration, slots };
  }

  /** Stretches without any sign-in in which at least `expectedMin` would have been usual, longest first. */
  gaps(expectedMin: number, shortest: Duration): { from: Millis; to: Millis }[] {
    const width = this.width;
    const indices = [...this.slots.keys()].sort((left, right) => left - right);
    const found: { from: Millis; to: Millis }[] = [];
    for (let at = 1; at < indices.length; at += 1) {
      const from = (indices[at - 1] ?? 0) + 1;
      const to = indices[at] ?? 0;
      if ((to - from) * width < shortest) continue;
      if (usualBetween(this.slots, indices, width, from, to) >= expectedMin)
        found.push({ from: millis(from * width), to: millis(to * width) });
    }
    return found.sort((left, right) => right.to - right.from - (left.to - left.from));
  }
}
