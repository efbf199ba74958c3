import { ownField, type PlainRecord, type PlainValue, setField } from '../values/plain-value.ts';

/** Fields to write and their order; an object gives the title of each. */
export type FieldList = readonly string[] | Readonly<Record<string, string>>;

/** One field of the output. */
export interface Column {
  readonly field: string;
  /** The name that is written. */
  readonly title: string;
}

/** The columns that a field list declares; undefined: every field of every item. */
export function declaredColumns(fields: FieldList | undefined): readonly Column[] | undefined {
  if (fields === undefined) return undefined;
  if (isNames(fields)) return fields.map((field) => ({ field, title: field }));
  return Object.entries(fields).map(([field, title]) => ({ field, title }));
}

/** The declared fields of a record under their titles; those it lacks are left out, or written as `missing`. */
export function chooseFields(
  record: PlainRecord,
  columns: readonly Column[] | undefined,
  missing: PlainValue | undefined,
): PlainRecord {
  if (columns === undefined) return record;
  const chosen: Record<string, PlainValue> = {};
  for (const { field, title } of columns) {
    const value = ownField(record, field) ?? missing;
    if (value !== undefined) setField(chosen, title, value);
  }
  return chosen;
}

function isNames(fields: FieldList): fields is readonly string[] {
  return Array.isArray(fields);
}
