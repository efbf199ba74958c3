import { SettingsError } from '../errors/settings-error.ts';
import type { ItemRecord } from '../values/item.ts';
import { ownField, type PlainRecord, type PlainValue, toPlainRecord } from '../values/plain-value.ts';
import { bytesOf } from './bytes-of.ts';
import { type Charset, charset } from './charset.ts';
import { type CsvDialect, csvCells, csvRow } from './csv-row.ts';
import { CsvScanner } from './csv-scanner.ts';
import { type Column, declaredColumns, type FieldList } from './field-choice.ts';
import type { ExistingFile, FileExporter, FilePieces } from './file-exporter.ts';
import { stateOf } from './saved-state.ts';

/** How CSV is written. */
export interface CsvExporterOptions {
  /** Columns and their order; an object gives their titles. @defaultValue every field of every item */
  readonly fields?: FieldList | undefined;
  /** Label of the encoding; what it lacks becomes `?`. `utf-8-sig` suits spreadsheets. @defaultValue `utf-8` */
  readonly encoding?: string | undefined;
  /** A first line with the titles. @defaultValue `true` */
  readonly headers?: boolean | undefined;
  /** What joins the texts of a list; lists of other things are written as JSON. @defaultValue `,` */
  readonly joinMultivalued?: string | undefined;
  /** What stands between cells: one ASCII character. @defaultValue `,` */
  readonly delimiter?: string | undefined;
  /** What stands around cells that need it: one ASCII character. @defaultValue `"` */
  readonly quote?: string | undefined;
  /** Put each cell in quotes. @defaultValue `false` */
  readonly quoteAll?: boolean | undefined;
  /** Put an apostrophe before cells that a spreadsheet would take for a formula; numbers stay. @defaultValue `true` */
  readonly escapeFormulas?: boolean | undefined;
}

const DELIMITER = /^[\t\x20-\x7e]$/;
const PIECE_BYTES = 65_536;
const MAX_HEADER_BYTES = 1024 * 1024;
/** A title with the apostrophe of `escapeFormulas`. */
const ESCAPED = /^'(?=[=+\-@\t\r])/;
const UTF8_MARK = '\u00ef\u00bb\u00bf';

/**
 * CSV by RFC 4180. Without declared fields no field is lost: one that comes up later is added at the end of the
 * rows from then on, and `revision()` completes the header and the rows before it.
 *
 * @throws SettingsError for an unknown encoding or an unfit delimiter.
 */
export class CsvExporter implements FileExporter {
  readonly format = 'csv';
  #columns: Column[];
  readonly #isDeclared: boolean;
  #known: Set<string>;
  readonly #charset: Charset;
  readonly #hasHeaders: boolean;
  readonly #join: string;
  readonly #dialect: CsvDialect;
  /** One empty cell, where a row has no other, or where each is in quotes. */
  readonly #noCell: string;
  /** Columns of the rows that were written first, or of the file that was taken up. */
  #firstWidth: number | undefined;
  /** What must come before the next row. */
  #due = '';

  constructor(options: CsvExporterOptions = {}) {
    const { fields, encoding, headers = true, joinMultivalued = ',' } = options;
    const { delimiter = ',', quote = '"', quoteAll = false, escapeFormulas = true } = options;
    if (!DELIMITER.test(quote)) {
      throw new SettingsError(`a CSV quote is one ASCII character, not ${JSON.stringify(quote)}`);
    }
    if (!DELIMITER.test(delimiter) || delimiter === quote) {
      throw new SettingsError(
        `a CSV delimiter is one ASCII character and not the quote, not ${JSON.stringify(delimiter)}`,
      );
    }
    const declared = declaredColumns(fields);
    this.#isDeclared = declared !== undefined;
    this.#columns = [...(declared ?? [])];
    this.#known = new Set(this.#columns.map(({ field }) => field));
    this.#charset = charset(encoding);
    this.#hasHeaders = headers;
    this.#join = joinMultivalued;
    this.#dialect = { delimiter, quote, quoteAll, escapeFormulas };
    this.#noCell = quote + quote;
    if (!this.#charset.hasPlainAscii && !this.#isDeclared) {
      throw new SettingsError(`CSV in ${this.#charset.label} needs declared fields`);
    }
  }

  get needsAllItems(): boolean {
    return !this.#isDeclared;
  }

  start(): string | Uint8Array {
    return this.#encode(this.#charset.mark);
  }

  encode(items: readonly ItemRecord[]): string | Uint8Array {
    if (items.length === 0) return '';
    const records = items.map((item) => toPlainRecord(item));
    if (!this.#isDeclared) this.#addColumns(records);
    let text = this.#due;
    this.#due = '';
    if (this.#firstWidth === undefined) {
      this.#firstWidth = this.#columns.length;
      text += this.#header();
    }
    for (const record of records) text += this.#row(record);
    return this.#encode(text);
  }

  end(): string {
    return '';
  }

  async resume(file: ExistingFile): Promise<number> {
    if (!this.#charset.hasPlainAscii) throw new Error(`CSV in ${this.#charset.label} cannot be appended to`);
    const scanner = new CsvScanner(this.#dialect.delimiter, this.#dialect.quote);
    let position =
      (await file.read(0, UTF8_MARK.length)).toString('latin1') === UTF8_MARK ? UTF8_MARK.length : 0;
    const textStart = position;
    let header: Buffer | undefined;
    let rowsEnd = textStart;
    for await (const text of csvText(piecesOf(file))) {
      for (const { at, next } of scanner.ends(text)) {
        header ??= await file.read(textStart, Math.min(position + at - textStart, MAX_HEADER_BYTES));
        rowsEnd = position + next;
      }
      position += text.length;
    }
    if (position === textStart) return position;
    header ??= await file.read(textStart, MAX_HEADER_BYTES);
    const titles = csvCells(this.#charset.decode(header), this.#dialect);
    if (this.#hasHeaders) this.#takeUp(titles.map((title) => this.#unescaped(title)));
    if (rowsEnd === position) return rowsEnd;
    // Another writer may leave the last line end out; a row that a crash cut short is overwritten.
    const isWhole = !scanner.isQuoted && scanner.cells === titles.length;
    if (!isWhole) return rowsEnd;
    this.#due = '\r\n';
    return position;
  }

  state(): unknown {
    const titles = this.#columns.map(({ title }) => title);
    return { titles, rowsHave: this.#firstWidth ?? -1, due: this.#due };
  }

  restore(state: unknown): void {
    const width = stateOf(state, 'rowsHave', 'number');
    const titles: unknown = typeof state === 'object' && state !== null && 'titles' in state && state.titles;
    if (!isTexts(titles)) throw new Error('what was kept of it is no state of CSV');
    this.#takeUp(titles);
    this.#firstWidth = width < 0 ? undefined : width;
    this.#due = stateOf(state, 'due', 'string');
  }

  revision(): ((file: FilePieces) => FilePieces) | undefined {
    const isGrown = this.#firstWidth !== undefined && this.#columns.length > this.#firstWidth;
    return isGrown ? (file) => this.#completed(file) : undefined;
  }

  /** Columns of a file that has a header: its order counts. */
  #takeUp(titles: readonly string[]): void {
    const columns = this.#isDeclared
      ? titles.map((title) => this.#columns.find((column) => column.title === title))
      : titles.map((title) => ({ field: title, title }));
    if (columns.includes(undefined) || (this.#isDeclared && columns.length !== this.#columns.length)) {
      const declared = this.#columns.map(({ title }) => title).join(', ');
      throw new Error(`its columns are ${titles.join(', ')}, the feed declares ${declared}`);
    }
    this.#columns = columns.filter((column) => column !== undefined);
    this.#known = new Set(titles);
    this.#firstWidth = titles.length;
  }

  #unescaped(title: string): string {
    return this.#dialect.escapeFormulas ? title.replace(ESCAPED, '') : title;
  }

  /** The file with every column in its header and a cell for it in every row. */
  async *#completed(file: FilePieces): AsyncGenerator<Buffer, void, undefined> {
    const { delimiter, quote, quoteAll } = this.#dialect;
    const scanner = new CsvScanner(delimiter, quote);
    const missingCell = delimiter + (quoteAll ? this.#noCell : '');
    yield bytesOf(this.#encode(this.#charset.mark + this.#header()));
    let isHeader = this.#hasHeaders;
    // What is held back of a record that has not ended: all of it while it may be one empty cell.
    let held = '';
    let isHeld = true;
    for await (const text of csvText(file)) {
      let completed = '';
      let from = 0;
      for (const { at, next, cells } of scanner.ends(text)) {
        const record = held + text.slice(from, at);
        const missing = Math.max(0, this.#columns.length - cells);
        const cellsThere = isHeld && (record === '' || record === this.#noCell) ? this.#emptyCell() : record;
        if (!isHeader) completed += cellsThere + missingCell.repeat(missing) + text.slice(at, next);
        isHeader = false;
        isHeld = true;
        held = '';
        from = next;
      }
      held += text.slice(from);
      if (!isHeld || held.length > this.#noCell.length) {
        if (!isHeader) completed += held;
        isHeld = false;
        held = '';
      }
      yield Buffer.from(completed, 'latin1');
    }
    if (!isHeader) yield Buffer.from(held, 'latin1');
  }

  /** The first cell of a row where it is empty: the same bytes whenever the other columns came up. */
  #emptyCell(): string {
    return this.#columns.length === 1 || this.#dialect.quoteAll ? this.#noCell : '';
  }

  #addColumns(records: readonly PlainRecord[]): void {
    for (const record of records) {
      for (const field of Object.keys(record)) {
        if (this.#known.has(field)) continue;
        this.#known.add(field);
        this.#columns.push({ field, title: field });
      }
    }
  }

  #header(): string {
    if (!this.#hasHeaders) return '';
    return csvRow(
      this.#columns.map(({ title }) => title),
      this.#dialect,
    );
  }

  #row(record: PlainRecord): string {
    return csvRow(
      this.#columns.map(({ field }) => this.#cell(ownField(record, field))),
      this.#dialect,
    );
  }

  #cell(value: PlainValue | undefined): string {
    if (typeof value === 'string') return value;
    if (value === undefined || value === null) return '';
    if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join(this.#join);
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  }

  #encode(text: string): string | Uint8Array {
    return this.#charset.encode(text, () => '?');
  }
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

async function* piecesOf(file: ExistingFile): AsyncGenerator<Buffer, void, undefined> {
  for (let at = 0; at < file.size; at += PIECE_BYTES) yield await file.read(at, PIECE_BYTES);
}

/** The bytes of a CSV file as characters, without a byte-order mark, never cut between CR and LF. */
async function* csvText(pieces: FilePieces): AsyncGenerator<string, void, undefined> {
  let held = '';
  let isStart = true;
  for await (const piece of pieces) {
    let text = held + piece.toString('latin1');
    if (isStart && text.startsWith(UTF8_MARK)) text = text.slice(UTF8_MARK.length);
    isStart = false;
    held = text.endsWith('\r') ? '\r' : '';
    yield held === '' ? text : text.slice(0, -1);
  }
  yield held;
}
