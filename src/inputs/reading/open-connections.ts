/**
 * Which lines of a log those to come may still need: the first of each connection that is still spoken of, and those of the last seconds,
 * with which another server's word is compared. Whoever begins to read again at the oldest of them comes to the same attempts.
 */
import type { Evidence } from "#/sources/source.ts";
import { HOLD, IDLE } from "#/sources/reading/join.ts";

/** As many as the join remembers. With more the oldest is forgotten: after a restart its connection may count once more. */
const OPEN_MAX = 32_768;

type Open<Place> = { readonly first: Place; readonly key: string; until: number };

export class OpenConnections<Place> {
  /** In the order of their first lines, from `#from` on. */
  #queue: Open<Place>[] = [];
  #from = 0;
  readonly #byKey = new Map<string, Open<Place>>();

  /** @param elapsed the join's time. */
  add({ key, ends, hold }: Evidence, place: Place, elapsed: number): void {
    const isOver = key === "" || (ends && !hold);
    const until = elapsed + (isOver ? HOLD : IDLE);
    const known = key === "" ? undefined : this.#byKey.get(key);
    if (known !== undefined && known.until >= elapsed) known.until = until;
    else {
      const fresh = { first: place, key, until };
      this.#queue.push(fresh);
      if (key !== "") this.#byKey.set(key, fresh);
    }
    if (ends) this.ended(key, elapsed);
    this.#forget(elapsed);
  }

  /** What is said later under this key is another connection's. */
  ended(key: string, elapsed: number): void {
    const known = this.#byKey.get(key);
    if (known === undefined) return;
    known.until = elapsed + HOLD;
    this.#byKey.delete(key);
  }

  /** The place of the oldest line that is still needed; undefined for none. What is too old is given up. */
  oldest(elapsed: number, isTooOld: (place: Place) => boolean): Place | undefined {
    this.#forget(elapsed);
    for (;;) {
      const head = this.#queue[this.#from];
      if (head === undefined || !isTooOld(head.first)) return head?.first;
      this.#drop(head);
    }
  }

  #forget(elapsed: number): void {
    for (;;) {
      const head = this.#queue[this.#from];
      if (head === undefined || (head.until >= elapsed && this.#queue.length - this.#from <= OPEN_MAX)) return;
      this.#drop(head);
    }
  }

  #drop(head: Open<Place>): void {
    if (this.#byKey.get(head.key) === head) this.#byKey.delete(head.key);
    this.#from += 1;
    if (this.#from < this.#queue.length && this.#from <= 4_096) return;
    this.#queue = this.#queue.slice(this.#from);
    this.#from = 0;
  }
}
