/** What stands in a list of levels, lowest priority first. */
interface Prioritised {
  readonly priority: number;
}

/** Where the level of a priority stands, or would have to. */
export function placeOfPriority(levels: readonly Prioritised[], priority: number): number {
  let low = 0;
  let high = levels.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((levels[middle]?.priority ?? 0) < priority) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The list with one more level. Most hosts know one priority: an array made with one place has no more. */
export function withLevel<Level extends Prioritised>(levels: Level[], at: number, level: Level): Level[] {
  if (levels.length === 0) return [level];
  levels.splice(at, 0, level);
  return levels;
}
