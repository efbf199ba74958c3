const SIZE = 10_000;
const FACTOR = 8;
const TRIES = 3;

/**
 * How many times longer a task takes with eight times the input, at best of three: 8 for linear work, 64 for
 * quadratic. Tasks of less than a millisecond count as one, so that fast ones give no noise.
 */
export function growth(task: (size: number) => unknown): number {
  return (
    shortestMs(() => task(SIZE * FACTOR)) /
    Math.max(
      1,
      shortestMs(() => task(SIZE)),
    )
  );
}

function shortestMs(task: () => unknown): number {
  let shortest = Number.POSITIVE_INFINITY;
  for (let tried = 0; tried < TRIES; tried += 1) {
    const startedAt = performance.now();
    task();
    shortest = Math.min(shortest, performance.now() - startedAt);
  }
  return shortest;
}
