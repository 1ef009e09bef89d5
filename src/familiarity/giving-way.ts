/**
 * Which network gives way where an account has as many as are kept: one of the area from which it has most, and of these the one that is worth least.
 * A telephone that wanders through its carrier's networks pushes out those of its carrier, whose area stays known, and never the office or the home.
 * However long a network was used, it is worth as long again after its last use: a week outlasts an evening.
 */
export function givesWay(
  networks: readonly { readonly area: string | number; readonly first: number; readonly last: number }[],
): number {
  const crowds = new Map<string | number, number>();
  for (const { area } of networks) crowds.set(area, (crowds.get(area) ?? 0) + 1);
  const most = Math.max(...crowds.values());
  let least = 0;
  let leastWorth = Number.POSITIVE_INFINITY;
  for (const [index, { area, first, last }] of networks.entries()) {
    const worth = last + (last - first);
    if (crowds.get(area) !== most || worth >= leastWorth) continue;
    least = index;
    leastWorth = worth;
  }
  return least;
}
