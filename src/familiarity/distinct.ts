/**
 * How many different texts there were, in 16 KiB however many: HyperLogLog (Flajolet et al., 2007), right within about two in a hundred.
 * For what must be told truly although not all of it is kept.
 */

const INDEX_BITS = 14;
const REGISTERS = 1 << INDEX_BITS;
/** The bias of the raw estimate with so many registers. */
const ALPHA = 0.7213 / (1 + 1.079 / REGISTERS);

export class Distinct {
  private readonly ranks = new Uint8Array(REGISTERS);

  add(text: string): void {
    const hash = hashOf(text);
    const index = hash >>> (32 - INDEX_BITS);
    const rank = Math.clz32((hash << INDEX_BITS) | (1 << (INDEX_BITS - 1))) + 1;
    if (rank > (this.ranks[index] ?? 0)) this.ranks[index] = rank;
  }

  estimate(): number {
    let sum = 0;
    let empty = 0;
    for (const rank of this.ranks) {
      sum += 2 ** -rank;
      if (rank === 0) empty += 1;
    }
    const raw = (ALPHA * REGISTERS * REGISTERS) / sum;
    // While registers are empty, counting those is better.
    return Math.round(raw <= 2.5 * REGISTERS && empty > 0 ? REGISTERS * Math.log(REGISTERS / empty) : raw);
  }
}

/** FNV-1a, its bits mixed as MurmurHash3 does at its end. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
