/** Which files of a log are to be read, from where: after a restart, and after the file under the hands was rotated or cut off. */
import { type Found, isSame } from "./identity.ts";
import type { Position, Spot } from "./position.ts";
import { isPutAway } from "./siblings.ts";

export type Planned = {
  readonly found: Found;
  readonly start: number;
  /** What was said before this offset has been handed on. */
  readonly mutedUntil: number;
};

const fromStart = (found: Found): Planned => ({ found, start: 0, mutedUntil: 0 });

/**
 * The files to go on with after a restart, oldest first. Where the file that was being read is there no more, all that changed since are read
 * from their beginning: what was read of them already counts once.
 */
export async function planAfter(position: Position, siblings: readonly Found[]): Promise<readonly Planned[]> {
  const { read, from, at } = position;
  const last = await indexOf(siblings, read);
  if (last < 0) return siblings.filter(({ changedAt }) => changedAt >= at).map((found) => fromStart(found));
  const first = from === undefined ? last : await indexOf(siblings.slice(0, last + 1), from);
  const begin = first < 0 ? { index: last, offset: read.offset } : { index: first, offset: (from ?? read).offset };
  return siblings.slice(begin.index).map((found, index) => {
    const place = begin.index + index;
    return {
      found,
      start: index === 0 ? begin.offset : 0,
      mutedUntil: place < last ? Number.POSITIVE_INFINITY : place === last ? read.offset : 0,
    };
  });
}

/** The younger files of the log, the next one first. */
export async function youngerThan(
  file: Found,
  identity: Spot,
  siblings: readonly Found[],
): Promise<readonly Planned[]> {
  const own = siblings.findIndex(({ dev, ino }) => dev === file.dev && ino === file.ino);
  // Compressed or copied meanwhile, and the file itself deleted.
  const index = own < 0 ? await indexOf(siblings, identity) : own;
  if (index >= 0) return siblings.slice(index + 1).map((found) => fromStart(found));
  const live = siblings.at(-1);
  const isNewer = live !== undefined && !isPutAway(live.path) && live.changedAt >= file.changedAt;
  return isNewer ? [fromStart(live)] : [];
}

/** After a file was cut off: what was not read of it yet is in its copy, where rotation made one; then what is in it now. */
export async function planCut(cut: Found, identity: Spot, siblings: readonly Found[]): Promise<readonly Planned[]> {
  const planned: Planned[] = [];
  const others = siblings.filter(({ dev, ino }) => dev !== cut.dev || ino !== cut.ino);
  const copy = others[await indexOf(others, identity)];
  if (copy !== undefined && (copy.isCompressed || copy.size > identity.offset))
    planned.push({ found: copy, start: identity.offset, mutedUntil: 0 });
  const live = siblings.find(({ dev, ino }) => dev === cut.dev && ino === cut.ino);
  if (live !== undefined) planned.push(fromStart(live));
  return planned;
}

/** The youngest first: of a file and its compressed copy the file itself. */
async function indexOf(siblings: readonly Found[], spot: Spot): Promise<number> {
  for (let index = siblings.length - 1; index >= 0; index -= 1) {
    const found = siblings[index];
    if (found === undefined || (!found.isCompressed && found.size < spot.offset)) continue;
    if (await isSame(found, spot)) return index;
  }
  return -1;
}
