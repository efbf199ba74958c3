import { CsvError } from '../errors/csv-error.ts';
import { PacedIterable } from '../markup/paced-iterable.ts';

/** What one row may hold. Lengths are in UTF-16 units, as those of strings. */
export interface CsvLimits {
  /** Longest cell. @defaultValue `1_048_576` */
  readonly maxCellLength?: number | undefined;
  /** Longest row, all of its cells together. @defaultValue `8_388_608` */
  readonly maxRowLength?: number | undefined;
  /** Most cells of a row. @defaultValue `16_384`, as of a spreadsheet */
  readonly maxColumns?: number | undefined;
}

/** How a CSV text is written, what a row may hold, and what is done with rows that do not fit. */
export interface CsvRowsOptions extends CsvLimits {
  /** One character between cells. @defaultValue `,` */
  readonly delimiter?: string | undefined;
  /** One character around cells that hold a delimiter, a line end or the quote itself, there doubled. @defaultValue `"` */
  readonly quote?: string | undefined;
  /** Names of the columns; the first row is then data. @defaultValue the first row */
  readonly headers?: readonly string[] | undefined;
  /** Told of each row that has more or fewer cells than there are headers; it is left out. */
  readonly onMisfit?: ((row: CsvMisfit) => void) | undefined;
}

/** A row with a wrong number of cells. */
export interface CsvMisfit {
  /** Counted from 1, with the header, without blank lines. */
  readonly row: number;
  readonly cells: number;
  readonly headers: number;
}

/** A row of a CSV text: column to cell. It has no prototype, whatever the columns are called. */
export type CsvRow = Record<string, string>;

const CARRIAGE_RETURN = 13;
const LINE_FEED = 10;
const RECORDS_BETWEEN_BREATHS = 256;

/**
 * The rows of a CSV text (RFC 4180), read as they are asked for, in linear time. Lines end in CRLF, LF or CR. Blank
 * lines are skipped. Characters between a closing quote and the next delimiter belong to the cell, a quote within an
 * unquoted cell is one of its characters, and quotes that are never closed reach to the end, all as in Python's csv.
 * Of two columns of one name the last counts.
 *
 * @throws TypeError when delimiter or quote is not one character.
 * @throws CsvError while it is read, at a row beyond a limit; the rows before it were given.
 */
export function csvRows(text: string, options: CsvRowsOptions = {}): PacedIterable<CsvRow> {
  const { delimiter = ',', quote = '"' } = options;
  if (delimiter.length !== 1 || quote.length !== 1 || delimiter === quote) {
    throw new TypeError(
      `CSV needs a delimiter and a quote of one character each, got ${JSON.stringify(delimiter)} and ${JSON.stringify(quote)}`,
    );
  }
  return new PacedIterable(() => rows(new CsvReader(text, options), options));
}

function* rows(
  reader: CsvReader,
  { headers: given, onMisfit }: CsvRowsOptions,
): Generator<CsvRow | undefined> {
  let headers = given !== undefined && given.length > 0 ? given : undefined;
  let count = 0;
  for (let cells = reader.next(); cells !== undefined; cells = reader.next()) {
    count += 1;
    if (count % RECORDS_BETWEEN_BREATHS === 0) yield undefined;
    if (headers === undefined) headers = cells;
    else if (cells.length === headers.length) yield rowOf(headers, cells);
    else onMisfit?.({ row: count, cells: cells.length, headers: headers.length });
  }
}

function rowOf(headers: readonly string[], cells: readonly string[]): CsvRow {
  const row: CsvRow = Object.create(null);
  for (const [at, header] of headers.entries()) row[header] = cells[at] ?? '';
  return row;
}

class CsvReader {
  readonly #text: string;
  readonly #delimiter: number;
  readonly #quote: string;
  readonly #limits: Required<{ [Name in keyof CsvLimits]: number }>;
  #at: number;
  #row = 0;

  constructor(text: string, options: CsvRowsOptions) {
    const { delimiter = ',', quote = '"' } = options;
    const { maxCellLength = 1_048_576, maxRowLength = 8_388_608, maxColumns = 16_384 } = options;
    this.#text = text;
    this.#delimiter = delimiter.charCodeAt(0);
    this.#quote = quote;
    this.#limits = { maxCellLength, maxRowLength, maxColumns };
    this.#at = text.startsWith('\ufeff') ? 1 : 0;
  }

  /** The cells of the next record that is no blank line; undefined: there is none. */
  next(): string[] | undefined {
    const text = this.#text;
    while (this.#at < text.length && isLineEnd(text.charCodeAt(this.#at))) this.#at += 1;
    if (this.#at >= text.length) return undefined;
    this.#row += 1;
    const cells = [this.#cell()];
    let length = cells[0]?.length ?? 0;
    while (this.#at < text.length && text.charCodeAt(this.#at) === this.#delimiter) {
      if (cells.length >= this.#limits.maxColumns)
        throw this.#beyond('maxColumns', 'it has more cells than', 'another delimiter?');
      this.#at += 1;
      const cell = this.#cell();
      cells.push(cell);
      length += cell.length;
      if (length > this.#limits.maxRowLength)
        throw this.#beyond('maxRowLength', 'its cells are together longer than', 'no CSV?');
    }
    return cells;
  }

  #beyond(limit: keyof CsvLimits, problem: string, guess: string): CsvError {
    return new CsvError(this.#row, `${problem} ${limit}, ${this.#limits[limit]} (${guess})`);
  }

  /** Reads up to the delimiter, line end or text end behind a cell. */
  #cell(): string {
    const quoted = this.#text[this.#at] === this.#quote ? this.#quoted() : '';
    const start = this.#at;
    const limit = this.#limits.maxCellLength - quoted.length;
    let at = start;
    for (; at < this.#text.length; at += 1) {
      const code = this.#text.charCodeAt(at);
      if (code === this.#delimiter || isLineEnd(code)) break;
    }
    this.#at = at;
    if (at - start > limit)
      throw this.#beyond('maxCellLength', 'a cell is longer than', 'a quote that is not closed?');
    return quoted === '' ? this.#text.slice(start, at) : quoted + this.#text.slice(start, at);
  }

  #quoted(): string {
    const text = this.#text;
    const quote = this.#quote;
    let cell = '';
    for (let start = this.#at + 1; ; ) {
      if (cell.length > this.#limits.maxCellLength) return cell;
      const end = text.indexOf(quote, start);
      if (end === -1) {
        this.#at = text.length;
        return cell + text.slice(start);
      }
      cell += text.slice(start, end);
      this.#at = end + 1;
      if (text[end + 1] !== quote) return cell;
      cell += quote;
      start = end + 2;
    }
  }
}

function isLineEnd(code: number): boolean {
  return code === LINE_FEED || code === CARRIAGE_RETURN;
}
