import type { CommittedItem } from '../../src/api.ts';

/** The page that items of `start()` belong to: what it gives in blocks need not begin anew at 0. */
const START = 'start';

/** From which place on rows of a page are to go before a batch is written. */
export interface StaleRows {
  readonly fingerprint: string;
  readonly fromOrdinal: number;
}

/** The items of a batch, each once, the later of two, in an order that all writers keep: none waits for the other in a circle. */
export function inKeyOrder(batch: readonly CommittedItem[]): CommittedItem[] {
  const byKey = new Map(batch.map((one) => [`${one.ordinal} ${one.fingerprint}`, one]));
  return [...byKey.values()].sort((a, b) =>
    a.fingerprint === b.fingerprint ? a.ordinal - b.ordinal : a.fingerprint < b.fingerprint ? -1 : 1,
  );
}

/**
 * What an earlier run may have left behind a batch. A page with very many items comes in several batches, in
 * order: only what lies at or behind the batch's first item may go, never what came before it.
 */
export function staleRows(batch: readonly CommittedItem[]): StaleRows[] {
  const first = new Map<string, number>();
  for (const { fingerprint, ordinal } of batch) {
    if (fingerprint !== START) first.set(fingerprint, Math.min(ordinal, first.get(fingerprint) ?? ordinal));
  }
  return Array.from(first, ([fingerprint, fromOrdinal]) => ({ fingerprint, fromOrdinal }));
}
