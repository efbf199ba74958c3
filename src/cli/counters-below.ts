import type { StatsValue } from '../api.ts';

/** Counters under a prefix, greatest first: `item/dropped/` gives `['no price', 3]`. */
export function countersBelow(
  stats: Readonly<Record<string, StatsValue>>,
  prefix: string,
): (readonly [string, number])[] {
  return Object.keys(stats)
    .filter((key) => key.startsWith(prefix))
    .map((key) => [key.slice(prefix.length), counter(stats, key)] as const)
    .filter(([, times]) => times > 0)
    .sort((a, b) => b[1] - a[1]);
}

/** A counter; 0 where nothing was counted. */
export function counter(stats: Readonly<Record<string, StatsValue>>, key: string): number {
  const value = stats[key];
  return typeof value === 'number' ? value : 0;
}
