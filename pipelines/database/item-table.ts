import { type CommittedItem, SettingsError } from '../../src/api.ts';
import { columnValue, type ItemColumn, jsonOf } from './column-value.ts';
import { type Dialect, quoted, type SqlValue } from './dialect.ts';

/** Columns of an item table: names with their types, or names alone. */
export type ItemColumns = Readonly<Record<string, string>> | readonly string[];

/** What an item table is made of. */
export interface ItemTableOptions {
  /** Who asks, for messages. */
  readonly component: string;
  readonly table: string;
  readonly schema?: string | undefined;
  readonly columns?: ItemColumns | undefined;
}

/** Type of a column as users may write it: words, a size, constraints; nothing that could end the statement. */
const TYPE = /^[a-z_][\w .]*(?:\(\s*\d+(?:\s*,\s*\d+)?\s*\)[\w ]*)?$/i;
/** Half of a surrogate pair: no text in UTF-8. */
const HALF_PAIR = /\p{Surrogate}/u;
/** Has the fields that no column was declared for. */
const EXTRA = 'extra';
const OWN_NAMES = ['fingerprint', 'ordinal', 'scraped_at', EXTRA];

/** A table with a row for each item, by page and place on it: its statements, and items as its rows. */
export class ItemTable {
  /** Name in quotes, with the schema where one was given. */
  readonly name: string;
  /** All columns, in the order of a row. */
  readonly columns: readonly string[];
  readonly #dialect: Dialect;
  readonly #declared: readonly ItemColumn[] | undefined;
  readonly #names: ReadonlySet<string>;

  /** @throws SettingsError when a name or type cannot be used. */
  constructor(dialect: Dialect, { component, table, schema, columns }: ItemTableOptions) {
    const check = (what: string, name: string) => checkName(component, what, name, dialect);
    check('table', table);
    if (schema !== undefined) check('schema', schema);
    this.name = schema === undefined ? quoted(table) : `${quoted(schema)}.${quoted(table)}`;
    this.#dialect = dialect;
    this.#declared = columns && declared(component, columns, dialect);
    this.#names = new Set(this.#declared?.map(({ name }) => name));
    const own = this.#declared === undefined ? ['item'] : [...this.#names, EXTRA];
    this.columns = ['fingerprint', 'ordinal', ...own, 'scraped_at'];
  }

  /** The statement that makes the table. */
  createSql(): string {
    const { jsonType, timeType } = this.#dialect;
    const json = (name: string) => ({ name, type: jsonType });
    const own = this.#declared === undefined ? [json('item')] : [...this.#declared, json(EXTRA)];
    const lines = [
      '"fingerprint" TEXT NOT NULL',
      '"ordinal" INTEGER NOT NULL',
      ...own.map(({ name, type }) => `${quoted(name)} ${type}`.trimEnd()),
      `"scraped_at" ${timeType} NOT NULL`,
      'PRIMARY KEY ("fingerprint", "ordinal")',
    ];
    return `CREATE TABLE IF NOT EXISTS ${this.name} (${lines.join(', ')})`;
  }

  /** The statement that writes rows: new ones, and those that are there anew. */
  upsertSql(rows: string): string {
    const values = this.columns.slice(2).map((name) => `${quoted(name)} = excluded.${quoted(name)}`);
    return (
      `INSERT INTO ${this.name} (${this.columns.map(quoted).join(', ')}) VALUES ${rows} ` +
      `ON CONFLICT ("fingerprint", "ordinal") DO UPDATE SET ${values.join(', ')}`
    );
  }

  /** What is wrong with a table that is there and has these columns: which one it lacks, and how to add it. */
  problemWith(there: readonly string[]): string | undefined {
    const { fold, jsonType } = this.#dialect;
    const folded = new Set(there.map(fold));
    const missing = this.columns.find((name) => !folded.has(fold(name)));
    if (missing === undefined) return undefined;
    const type = this.#declared?.find(({ name }) => name === missing)?.type ?? jsonType;
    const add = `ALTER TABLE ${this.name} ADD COLUMN ${quoted(missing)} ${type}`.trimEnd();
    return `table ${this.name} has no column ${JSON.stringify(missing)}; name another table, or add it: ${add}`;
  }

  /** An item as a row: one value for each column. */
  row({ item, fingerprint, ordinal }: CommittedItem, scrapedAt: string): SqlValue[] {
    const dialect = this.#dialect;
    const head = [dialect.text(fingerprint), dialect.scalar(ordinal)];
    if (this.#declared === undefined) return [...head, jsonOf(item, dialect), scrapedAt];
    const fields = fieldsOf(item);
    const values = this.#declared.map((column) => columnValue(fields.get(column.name), column, dialect));
    const extra = [...fields].filter(([name, value]) => value !== undefined && !this.#names.has(name));
    const rest = extra.length === 0 ? null : jsonOf(Object.fromEntries(extra), dialect);
    return [...head, ...values, rest === '{}' ? null : rest, scrapedAt];
  }
}

/** Fields of an item. One that says by `toJSON` what it is, is taken at its word. */
function fieldsOf(item: object): Map<string, unknown> {
  const said = 'toJSON' in item && typeof item.toJSON === 'function' ? item.toJSON() : item;
  if (said instanceof Map) return new Map([...said].map(([name, value]) => [String(name), value]));
  return new Map(Object.entries(typeof said === 'object' && said !== null ? said : { value: said }));
}

function declared(component: string, columns: ItemColumns, dialect: Dialect): ItemColumn[] {
  const pairs: readonly (readonly [string, string])[] = Array.isArray(columns)
    ? columns.map((name: string) => [name, dialect.defaultType])
    : Object.entries(columns);
  const taken = new Set(OWN_NAMES);
  return pairs.map(([name, type]) => {
    checkName(component, 'column', name, dialect);
    if (taken.has(name.toLowerCase())) {
      const isOwn = OWN_NAMES.includes(name.toLowerCase());
      const why = isOwn ? 'the table has one of its own: its values go to "extra"' : 'it is there twice';
      throw new SettingsError(`${component}: column ${JSON.stringify(name)} cannot be declared: ${why}`);
    }
    taken.add(name.toLowerCase());
    if (type !== dialect.defaultType && !TYPE.test(type)) {
      throw new SettingsError(
        `${component}: ${JSON.stringify(type)} is no type for column ${JSON.stringify(name)}: expected one such as TEXT, INTEGER or NUMERIC(10, 2)`,
      );
    }
    return { name, type, holds: holdsOf(type) };
  });
}

/** What values a type takes. SQLite's column without a type takes anything. */
function holdsOf(type: string): ItemColumn['holds'] {
  if (/^jsonb?\b/i.test(type)) return 'json';
  return type === '' || /^(?:bytea|blob)\b/i.test(type) ? 'bytes' : 'plain';
}

function checkName(component: string, what: string, name: string, { database, maxNameBytes }: Dialect): void {
  const isText = typeof name === 'string' && name !== '' && !name.includes('\0') && !HALF_PAIR.test(name);
  if (isText && Buffer.byteLength(name) <= maxNameBytes) return;
  throw new SettingsError(
    `${component}: ${JSON.stringify(name)} is no name for a ${what}: ${database} wants 1 to ${maxNameBytes} bytes of text without NUL`,
  );
}
