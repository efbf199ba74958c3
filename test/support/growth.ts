const SIZE = 10_000;
const FACTOR = 8;
const TRIES = 3;
const LEAST_MS = 5;

/**
 * How many times more processor time a task takes with eight times the input, at best of three: 8 for linear work,
 * 64 for quadratic. What takes less than 5 ms counts as that, so that fast tasks give no noise.
 */
export function growth(task: (size: number) => unknown): number {
  return (
    shortestMs(() => task(SIZE * FACTOR)) /
    Math.max(
      LEAST_MS,
      shortestMs(() => task(SIZE)),
    )
  );
}

function shortestMs(task: () => unknown): number {
  let shortest = Number.POSITIVE_INFINITY;
  for (let tried = 0; tried < TRIES; tried += 1) {
    const before = process.cpuUsage();
    task();
    const { user, system } = process.cpuUsage(before);
    shortest = Math.min(shortest, (user + system) / 1000);
  }
  return shortest;
}
