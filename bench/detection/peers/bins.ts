/** Distinct accounts that failed from an address within each bin of time: what Splunk's and Sentinel's rules count. */
export class Bins {
  readonly #width: number;
  readonly #bins = new Map<number, Map<string, Set<string>>>();

  constructor(width: number) {
    this.#width = width;
  }

  add(at: number, address: string, account: string): void {
    const start = Math.floor(at / this.#width) * this.#width;
    const bin = this.#bins.get(start) ?? new Map<string, Set<string>>();
    if (bin.size === 0) this.#bins.set(start, bin);
    const accounts = bin.get(address) ?? new Set();
    bin.set(address, accounts.add(account));
  }

  /** How many accounts in each bin of each address, of the bins that begin in [from, to). What is older is forgotten. */
  counts(from: number, to: number): Map<string, number[]> {
    const counts = new Map<string, number[]>();
    for (const [start, bin] of this.#bins) {
      if (start < from) this.#bins.delete(start);
      if (start < from || start >= to) continue;
      for (const [address, accounts] of bin) {
        const list = counts.get(address) ?? [];
        list.push(accounts.size);
        counts.set(address, list);
      }
    }
    return counts;
  }
}
