import { toPlainRecord } from '../../src/api.ts';
import type { Dialect, SqlValue } from './dialect.ts';

/** A column and what its declared type means for values. */
export interface ItemColumn {
  readonly name: string;
  readonly type: string;
  readonly holds: 'json' | 'bytes' | 'plain';
}

/** An item, or part of one, as JSON text: what the JSON outputs would write. */
export function jsonOf(record: object, dialect: Dialect): string {
  return dialect.json(JSON.stringify(toPlainRecord(record)));
}

/**
 * A field as the value of its column. What SQL has no value for is JSON text; NaN and the infinities are null,
 * as in JSON; dates are ISO 8601; bytes are base64 where the column does not hold bytes.
 */
export function columnValue(
  value: unknown,
  { holds }: Pick<ItemColumn, 'holds'>,
  dialect: Dialect,
): SqlValue {
  if (value === undefined || value === null) return null;
  if (holds === 'json') return jsonValue(value, dialect);
  switch (typeof value) {
    case 'string':
      return dialect.text(value);
    case 'number':
      return Number.isFinite(value) ? dialect.scalar(value) : null;
    case 'boolean':
    case 'bigint':
      return dialect.scalar(value);
    case 'object':
      return objectValue(value, holds, dialect);
    default:
      return null;
  }
}

function objectValue(value: object, holds: ItemColumn['holds'], dialect: Dialect): SqlValue {
  const bytes = value instanceof ArrayBuffer ? new Uint8Array(value) : value;
  if (bytes instanceof Uint8Array) {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return holds === 'bytes' ? buffer : buffer.toString('base64');
  }
  const plain = plainOf(value);
  if (typeof plain === 'object') return plain === null ? null : dialect.json(JSON.stringify(plain));
  return columnValue(plain, { holds }, dialect);
}

function jsonValue(value: unknown, dialect: Dialect): string | null {
  const plain = plainOf(value);
  return plain === undefined || plain === null ? null : dialect.json(JSON.stringify(plain));
}

function plainOf(value: unknown): unknown {
  return toPlainRecord({ value }).value;
}
