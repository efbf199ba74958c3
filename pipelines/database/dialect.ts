/** What a driver takes as the value of a parameter. */
export type SqlValue = string | number | bigint | boolean | Uint8Array | null;

/** Where the two databases differ about values and types. */
export interface Dialect {
  readonly database: 'SQLite' | 'PostgreSQL';
  /** Type of a JSON column of our own. */
  readonly jsonType: string;
  /** Type of the time a row was written. */
  readonly timeType: string;
  /** Type of columns that were listed without one. */
  readonly defaultType: string;
  /** Most bytes of a name. */
  readonly maxNameBytes: number;
  /** A name so that two of one column are equal. */
  fold(name: string): string;
  /** A text as the database can hold it. */
  text(value: string): string;
  /** JSON as the database can hold it. */
  json(value: string): string;
  /** A number, finite if it has a fraction, or a boolean. */
  scalar(value: number | bigint | boolean): SqlValue;
}

const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);
const REPLACEMENT = '\ufffd';
/** Half of a surrogate pair: UTF-8 has no form for it. */
const HALF_PAIR = /\p{Surrogate}/gu;
const NOT_IN_TEXT = /\p{Surrogate}|\0/gu;
/** Any escape of JSON text, so that an escaped backslash is not taken for the start of the next one. */
const JSON_ESCAPE = /\\(?:u[\da-f]{4}|[^u])/g;
const REFUSED_ESCAPE = /^\\u(?:0000|d[89a-f])/;

/** SQLite: types are a hint, text may hold NUL but no half of a surrogate pair, numbers that are whole are bound as integers. */
export const SQLITE: Dialect = {
  database: 'SQLite',
  jsonType: 'TEXT',
  timeType: 'TEXT',
  defaultType: '',
  maxNameBytes: 255,
  fold: (name) => name.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()),
  text: (value) => value.replaceAll(HALF_PAIR, REPLACEMENT),
  json: (value) => value,
  scalar(value) {
    if (typeof value === 'boolean') return value ? 1n : 0n;
    if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
    return value >= INT64_MIN && value <= INT64_MAX ? value : String(value);
  },
};

/** PostgreSQL: no text, also none in jsonb, may hold NUL or half a surrogate pair. U+FFFD stands in their place. */
export const POSTGRES: Dialect = {
  database: 'PostgreSQL',
  jsonType: 'JSONB',
  timeType: 'TIMESTAMPTZ',
  defaultType: 'TEXT',
  maxNameBytes: 63,
  fold: (name) => name,
  text: (value) => value.replaceAll(NOT_IN_TEXT, REPLACEMENT),
  json: (value) =>
    value.includes('\\u')
      ? value.replaceAll(JSON_ESCAPE, (one) => (REFUSED_ESCAPE.test(one) ? REPLACEMENT : one))
      : value,
  scalar: (value) => (typeof value === 'bigint' ? String(value) : value),
};

/** A name as SQL has it: any text, in quotes. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
