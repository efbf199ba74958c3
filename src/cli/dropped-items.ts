import type { StatsValue } from '../api.ts';
import { printable } from '../values/printable.ts';
import { counter, countersBelow } from './counters-below.ts';

const MOST_SHOWN = 5;
const LONGEST_REASON = 60;

/** The items that a crawl dropped. */
export interface DroppedItems {
  readonly count: number;
  /** The most frequent reasons, greatest first. */
  readonly reasons: readonly { readonly reason: string; readonly count: number }[];
  /** Items that were dropped for reasons which are not among these. */
  readonly others: number;
}

/** The dropped items by their reasons, from the stats; nothing where none was dropped. */
export function droppedItems(stats: Readonly<Record<string, StatsValue>>): DroppedItems | undefined {
  const count = counter(stats, 'item/dropped');
  if (count === 0) return undefined;
  const reasons = countersBelow(stats, 'item/dropped/')
    .slice(0, MOST_SHOWN)
    .map(([reason, times]) => ({ reason: cut(reason), count: times }));
  const others = count - reasons.reduce((sum, one) => sum + one.count, 0);
  return { count, reasons, others };
}

/** `76 dropped: too long (70), no price (6)`. */
export function droppedLine({ count, reasons, others }: DroppedItems): string {
  const named = reasons.map((one) => `${printable(one.reason)} (${one.count.toLocaleString('en')})`);
  if (others > 0) named.push(`for other reasons (${others.toLocaleString('en')})`);
  return `${count.toLocaleString('en')} dropped: ${named.join(', ')}`;
}

/** Reasons are for people to write, and may be made from what a page holds. */
function cut(reason: string): string {
  const line = reason.replace(/\s+/g, ' ');
  return line.length > LONGEST_REASON ? `${line.slice(0, LONGEST_REASON)}…` : line;
}
