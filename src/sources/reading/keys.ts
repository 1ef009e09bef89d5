/**
 * Open keys, bounded. Two generations stand for the order of use: when the younger is full, the older is dropped. That is
 * as good as least-recently-used for this purpose and costs nothing per use.
 */
export class Keys<Value> {
  readonly #max: number;
  #young = new Map<string, Value>();
  #old = new Map<string, Value>();

  /** @param max keys of one generation: at least so many are remembered, at most twice as many. */
  constructor(max: number) {
    this.#max = max;
  }

  get(key: string): Value | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    if (this.#old.size === 0) return undefined;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: string, value: Value): void {
    if (this.#young.size >= this.#max) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    if (this.#old.size > 0) this.#old.delete(key);
    this.#young.set(key, value);
  }

  /** The value of the key, which is forgotten. */
  take(key: string): Value | undefined {
    const young = this.#young.get(key);
    const value = young ?? this.#old.get(key);
    if (value !== undefined) (young === undefined ? this.#old : this.#young).delete(key);
    return value;
  }
}
