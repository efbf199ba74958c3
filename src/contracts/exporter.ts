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
  /**
   * What must be known to go on after the items so far, as plain JSON data. Exporters with `state` and `restore`
   * write their files of a job as items come; the files of others are made anew at the end of each run.
   */
  state?(): unknown;
  /**
   * Goes on from a state, in a new process; `start()` is not asked then.
   *
   * @throws Error that says why it cannot.
   */
  restore?(state: unknown): void;
}
