import { vi } from 'vitest';

/** Reads values to their end by a clock on which each step takes a millisecond, and counts the turns of the event loop. */
export async function countTurns(values: AsyncIterable<unknown>): Promise<{ values: number; turns: number }> {
  const counted = { values: 0, turns: 0 };
  let nowMs = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => nowMs++);
  let immediate = setImmediate(function turn() {
    counted.turns += 1;
    immediate = setImmediate(turn);
  });
  try {
    for await (const _value of values) counted.values += 1;
    return counted;
  } finally {
    clearImmediate(immediate);
    clock.mockRestore();
  }
}
