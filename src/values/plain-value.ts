/** What every format can write. */
export type PlainValue = string | number | boolean | null | readonly PlainValue[] | PlainRecord;

/** The fields of an item. Keys may be any text, also `__proto__`: read them with `ownField`. */
export interface PlainRecord {
  readonly [field: string]: PlainValue;
}

/** Deeper nesting is written as this text. */
const TOO_DEEP = '[too deep]';
/** A value that contains itself is written as this text. */
const CIRCULAR = '[circular]';
const MAX_DEPTH = 500;

/** An item as plain data. An object that says by `toJSON` that it is no record becomes `{ value }`. */
export function toPlainRecord(item: object): PlainRecord {
  const plain = toPlain(item, []);
  return isPlainRecord(plain) ? plain : { value: plain ?? null };
}

/** Whether a plain value has fields. */
export function isPlainRecord(value: PlainValue | undefined): value is PlainRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A field of a record, never a member that all objects have. */
export function ownField(record: PlainRecord, field: string): PlainValue | undefined {
  return Object.hasOwn(record, field) ? record[field] : undefined;
}

/**
 * As JSON sees a value (`toJSON`, dates as ISO 8601, NaN as null, functions and undefined left out), and what
 * JSON cannot say: integers too big for a number as text, sets as lists, maps as records, bytes as base64.
 */
function toPlain(value: unknown, within: object[]): PlainValue | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : null;
    case 'bigint':
      return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
    case 'object':
      return value === null ? null : objectToPlain(value, within);
    default:
      return undefined;
  }
}

function objectToPlain(value: object, within: object[]): PlainValue | undefined {
  if (within.length >= MAX_DEPTH) return TOO_DEEP;
  if (within.includes(value)) return CIRCULAR;
  within.push(value);
  const plain = partsToPlain(value, within);
  within.pop();
  return plain;
}

function partsToPlain(value: object, within: object[]): PlainValue | undefined {
  if (Array.isArray(value)) return value.map((one) => toPlain(one, within) ?? null);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if ('toJSON' in value && typeof value.toJSON === 'function') return toPlain(value.toJSON(), within);
  if (value instanceof Set) return Array.from(value, (one) => toPlain(one, within) ?? null);
  const record: Record<string, PlainValue> = {};
  for (const [key, part] of value instanceof Map ? value : Object.entries(value)) {
    const plain = toPlain(part, within);
    if (plain !== undefined) setField(record, String(key), plain);
  }
  return record;
}

/** Sets any field, also one whose name would reach the prototype by assignment. */
export function setField(record: Record<string, PlainValue>, field: string, value: PlainValue): void {
  if (field !== '__proto__') record[field] = value;
  else Object.defineProperty(record, field, { value, enumerable: true, configurable: true, writable: true });
}
