import type { Duplex } from 'node:stream';
import type { ItemRecord } from '../values/item.ts';

/** A value that a field must have. */
export type FieldValue = string | number | boolean | null;

/** Says which items an output takes: a function, or values by field of which an item must have one each. */
export type ItemFilter =
  | ((item: ItemRecord) => boolean)
  | Readonly<Record<string, FieldValue | readonly FieldValue[]>>;

/** What `%(name)s` in a URI stands for, by name. */
export type UriParams = Readonly<Record<string, string | number>>;

/** How one output is written. */
export interface FeedOptions {
  /** `json`, `jsonl`, `csv`, `xml`. @defaultValue by the file's extension */
  readonly format?: string;
  /** Pack the output; `zstd` from Node 22.15 on. @defaultValue by the file's extension: `.gz`, `.br`, `.zst` */
  readonly compression?: 'gzip' | 'brotli' | 'zstd';
  /** gzip `0` to `9`, brotli `0` to `11`, zstd `1` to `19`: smallest and slowest. @defaultValue `6`; zstd `3` */
  readonly compressionLevel?: number;
  /** Makers of streams that the bytes pass behind `compression`, in order: of `node:stream`, or of packages that pack or encrypt. Such a file is whole at its end only and cannot be appended to. @defaultValue `[]` */
  readonly postprocessing?: readonly (() => Duplex)[];
  /** Existing file: append to it, overwrite it, or refuse to start; storages such as S3 can only be overwritten or refused. @defaultValue `'append'`; with `-O` overwrite */
  readonly ifExists?: 'append' | 'overwrite' | 'refuse';
  /** Fields and their order; an object gives the titles to write. @defaultValue every field */
  readonly fields?: readonly string[] | Readonly<Record<string, string>>;
  /** Label of the file's encoding. @defaultValue `utf-8` */
  readonly encoding?: string;
  /** Spaces of indentation, json and xml; 0: one item a line; null: everything on one line. @defaultValue json `0`, xml `null` */
  readonly indent?: number | null;
  /** Write a file also when there are no items. @defaultValue `true` */
  readonly storeEmpty?: boolean;
  /** Write fields that an item lacks as empty. @defaultValue csv only */
  readonly emptyFields?: boolean;
  /** csv: what joins the values of a list. @defaultValue `,` */
  readonly joinMultivalued?: string;
  /** csv: what stands between cells. @defaultValue `,` */
  readonly delimiter?: string;
  /** csv: what stands around cells that need it. @defaultValue `"` */
  readonly quote?: string;
  /** csv: put each cell in quotes. @defaultValue `false` */
  readonly quoteAll?: boolean;
  /** csv: a first line with the field names. @defaultValue `true` */
  readonly headers?: boolean;
  /** csv: put an apostrophe before cells that a spreadsheet would take for a formula. @defaultValue `true` */
  readonly escapeFormulas?: boolean;
  /** xml: name of the root element. @defaultValue `items` */
  readonly rootElement?: string;
  /** xml: name of an item's element. @defaultValue `item` */
  readonly itemElement?: string;
  /** Items that it takes: a function, or `{ field: value }` and `{ field: [values] }`. @defaultValue all items */
  readonly itemFilter?: ItemFilter;
  /** Items that it takes, by their field `type`. @defaultValue all items */
  readonly itemTypes?: readonly string[];
  /** Items of one file: a full one is complete at once. The URI names them by `%(batch_id)d` or `%(batch_time)s`. @defaultValue `0`: one file */
  readonly batchItemCount?: number;
  /** Values for `%(name)s` in the URI besides those that are there; gets these and the spider. @defaultValue `undefined` */
  readonly uriParams?: (params: UriParams, spider: object) => UriParams;
}
