/**
 * 32 bits of a text, seeded per database: the indexes of accounts and addresses hold these, not the texts, so that a deleted name is in
 * the one place where it is overwritten. Different texts may share one; whoever looks compares the texts.
 */
export function textHash(text: string, seed: number): number {
  // FNV-1a over UTF-16 units, then MurmurHash3's last mixing.
  let mixed = seed ^ 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) mixed = Math.imul(mixed ^ text.charCodeAt(index), 0x01000193);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
