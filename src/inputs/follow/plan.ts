/** Which files of a log are to be read, from where: after a restart, and after the file under the hands was rotated or cut off. */
import { type Found, isSame } from "./identity.ts";
import type { Position, Spot } from "./position.ts";
import { isPutAway } from "./siblings.ts";

export type Planned = {
  readonly found: Found;
  readonly start: number;
  /** What was said before this offset has been handed on. */
  readonly mutedUntil: number;
  /** How it began when it was read before: what begins otherwise now has been written anew since it was looked at. */
  readonly spot?: Spot;
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
    const spot = place === last ? read : index === 0 ? from : undefined;
    return {
      found,
      ...(spot === undefined ? {} : { spot }),
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

/**
 * After a file was cut off: what was not read of it yet is in its copy, where rotation made one; then what came between that and now, for it may
 * have happened more than once; then what is in it now.
 */
export async function planCut(cut: Found, identity: Spot, siblings: readonly Found[]): Promise<readonly Planned[]> {
  const isCut = ({ dev, ino }: Found): boolean => dev === cut.dev && ino === cut.ino;
  const copy = await indexOf(siblings, identity, isCut);
  const since = copy < 0 ? siblings.findIndex((found) => isCut(found)) : copy + 1;
  const planned = since < 0 ? [] : siblings.slice(since).map((found) => fromStart(found));
  const found = siblings[copy];
  if (found === undefined) return planned;
  return [{ found, start: identity.offset, mutedUntil: identity.offset, spot: identity }, ...planned];
}

/** The youngest first: of a file and its compressed copy the file itself. */
async function indexOf(
  siblings: readonly Found[],
  spot: Spot,
  isLeftOut: (found: Found) => boolean = () => false,
): Promise<number> {
  for (let index = siblings.length - 1; index >= 0; index -= 1) {
    const found = siblings[index];
    if (found === undefined || isLeftOut(found) || (!found.isCompressed && found.size < spot.offset)) continue;
    if (await isSame(found, spot)) return index;
  }
  return -1;
}
