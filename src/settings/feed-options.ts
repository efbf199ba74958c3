/** How one output is written. */
export interface FeedOptions {
  /** `json`, `jsonl`, `csv`, `xml`. @defaultValue by the file's extension */
  readonly format?: string;
  /** Pack the output: `gzip`. @defaultValue by the file's extension: `.gz` */
  readonly compression?: 'gzip';
  /** From `0`, not packed, to `9`, smallest and slowest. @defaultValue `6` */
  readonly compressionLevel?: number;
  /** Existing file: append to it, overwrite it, or refuse to start. @defaultValue `'append'`; with `-O` overwrite */
  readonly ifExists?: 'append' | 'overwrite' | 'refuse';
  /** Fields and their order; an object gives the titles to write. @defaultValue every field */
  readonly fields?: readonly string[] | Readonly<Record<string, string>>;
  /** Label of the file's encoding. @defaultValue `utf-8` */
  readonly encoding?: string;
  /** Spaces of indentation, json and xml. @defaultValue `0`: one item a line */
  readonly indent?: number;
  /** Write a file also when there are no items. @defaultValue `true` */
  readonly storeEmpty?: boolean;
  /** Write fields that an item lacks as empty. @defaultValue csv only */
  readonly emptyFields?: boolean;
  /** csv: what joins the values of a list. @defaultValue `,` */
  readonly joinMultivalued?: string;
  /** csv: what stands between cells. @defaultValue `,` */
  readonly delimiter?: string;
  /** csv: a first line with the field names. @defaultValue `true` */
  readonly headers?: boolean;
  /** csv: put an apostrophe before cells that a spreadsheet would take for a formula. @defaultValue `true` */
  readonly escapeFormulas?: boolean;
  /** xml: name of the root element. @defaultValue `items` */
  readonly rootElement?: string;
  /** xml: name of an item's element. @defaultValue `item` */
  readonly itemElement?: string;
}
