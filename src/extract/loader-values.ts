import { inspect } from 'node:util';
import { SelectorList } from '../markup/selector.ts';

const LONGEST_SHOWN = 200;

/** Nothing, one value, or several, as a list. Texts, bytes and records are one value. */
export function toList(value: unknown): readonly unknown[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value;
  if (value instanceof Set) return [...value];
  return value instanceof SelectorList ? value.getAll() : [value];
}

/** A value for a message. */
export function shownValue(value: unknown): string {
  const text = inspect(value, { depth: 1, breakLength: Infinity, maxStringLength: 80, maxArrayLength: 5 });
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}
