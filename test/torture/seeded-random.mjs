// Numbers that look random and come again with the same seed, so that a failed trial can be repeated.

/** Numbers from 0 up to 1 by a text; mulberry32 over an FNV-1a hash. */
export function seededRandom(seed) {
  let state = 0x811c9dc5;
  for (const character of seed) state = Math.imul(state ^ character.codePointAt(0), 0x01000193) >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    /** A number from `low` up to `high`. */
    between: (low, high) => low + next() * (high - low),
    /** One of a list. */
    pick: (list) => list[Math.floor(next() * list.length)],
  };
}
