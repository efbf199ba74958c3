import type { ItemRecord } from '../values/item.ts';

/** Turns items into the text or bytes of one file format. Knows nothing of where they go. */
export interface Exporter {
  /** Format name: `json`, `jsonl`, `csv`, `xml`. */
  readonly format: string;
  /** What stands before the first item. */
  start(): string | Uint8Array;
  /** The text of some items, whole records only. */
  encode(items: readonly ItemRecord[]): string | Uint8Array;
  /** What stands after the last item. */
  end(): string | Uint8Array;
}
