import { randomUUID } from 'node:crypto';
import { type DigestAlgorithm, digestOf } from './digest.ts';

/** A record to be written. */
export interface WarcRecord {
  readonly type: 'warcinfo' | 'request' | 'response' | 'revisit' | 'metadata';
  /** `<urn:uuid:…>` */
  readonly id: string;
  /** When its content was captured. */
  readonly date: Date;
  readonly contentType: string;
  /** Further fields; those without a value are left out. */
  readonly fields: readonly (readonly [name: string, value: string | undefined])[];
  /** The content, in pieces. */
  readonly block: readonly Uint8Array[];
}

const END = Buffer.from('\r\n\r\n');

/** A new record's name. */
export function newRecordId(): string {
  return `<urn:uuid:${randomUUID()}>`;
}

/** The bytes of a record as WARC 1.1 has them (ISO 28500:2017 chapter 4), with a digest of its content. */
export function encodeRecord(
  { type, id, date, contentType, fields, block }: WarcRecord,
  algorithm: DigestAlgorithm,
): Buffer {
  const length = block.reduce((sum, piece) => sum + piece.length, 0);
  const all = [
    ['WARC-Type', type],
    ['WARC-Record-ID', id],
    ['WARC-Date', date.toISOString()],
    ...fields,
    ['WARC-Block-Digest', digestOf(block, algorithm)],
    ['Content-Type', contentType],
    ['Content-Length', String(length)],
  ] as const;
  const lines = all.flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${oneLine(value)}`]));
  return Buffer.concat([Buffer.from(`WARC/1.1\r\n${lines.join('\r\n')}\r\n\r\n`), ...block, END]);
}

/** The bytes of a list of fields, as `warcinfo` and `metadata` records hold it. */
export function encodeFields(
  fields: readonly (readonly [name: string, value: string | undefined])[],
): Buffer {
  return Buffer.from(
    fields
      .flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${oneLine(value)}\r\n`]))
      .join(''),
  );
}

function oneLine(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
  return value.replaceAll(/[\0-\x1f\x7f]+/g, ' ');
}
