// Whether one name is another one mistyped: people do that, and then fail with a name that is nobody's.

/** Longer names are not compared. */
const LENGTH_MAX = 80;

/** At most two letters missing, doubled, wrong or swapped (optimal string alignment); the same name is no misspelling. */
export function isMisspelling(name: string, of: string): boolean {
  if (name === of || name === "" || Math.abs(name.length - of.length) > 2) return false;
  if (name.length > LENGTH_MAX || of.length > LENGTH_MAX) return false;
  return editDistance(name, of) <= (of.length < 5 ? 1 : 2);
}

/** How many letters are missing, doubled, wrong or swapped (optimal string alignment). */
export function editDistance(left: string, right: string): number {
  let before: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1];
      let best = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]) {
        best = Math.min(best, (before[column - 2] ?? 0) + 1);
      }
      current.push(best);
    }
    before = last;
    last = current;
  }
  return last[right.length] ?? 0;
}
