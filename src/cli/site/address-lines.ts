import type { Exporter, ItemRecord } from '../../api.ts';

/** Writes the address of each item on a line of its own. */
export function addressLines(): Exporter {
  return {
    format: 'lines',
    start: () => '',
    encode: (items: readonly ItemRecord[]) => items.map(({ url }) => `${String(url)}\n`).join(''),
    end: () => '',
  };
}
