/** Spreadsheets take a cell that begins like this for a formula. */
const FORMULA = /^[=+\-@\t\r]/;
const PLAIN_NUMBER = /^[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+-]?\d+)?$/i;
const LINE_END = /[\r\n]/;

/** How cells are written. */
export interface CsvDialect {
  /** One ASCII character. */
  readonly delimiter: string;
  /** One ASCII character around cells that need it; in them it is doubled. */
  readonly quote: string;
  /** Whether each cell is put in quotes. */
  readonly quoteAll: boolean;
  readonly escapeFormulas: boolean;
}

/** Cells as one record of RFC 4180, with its line end. */
export function csvRow(
  cells: readonly string[],
  { delimiter, quote, quoteAll, escapeFormulas }: CsvDialect,
): string {
  // One empty cell would be an empty line, which readers skip.
  if (cells.length === 1 && cells[0] === '') return `${quote}${quote}\r\n`;
  let row = '';
  for (const [at, cell] of cells.entries()) {
    const text = escapeFormulas && FORMULA.test(cell) && !PLAIN_NUMBER.test(cell) ? `'${cell}` : cell;
    if (at > 0) row += delimiter;
    const isQuoted = quoteAll || text.includes(delimiter) || text.includes(quote) || LINE_END.test(text);
    row += isQuoted ? quote + text.replaceAll(quote, () => quote + quote) + quote : text;
  }
  return `${row}\r\n`;
}

/** The cells of one record, given without its line end. */
export function csvCells(
  record: string,
  { delimiter, quote }: Pick<CsvDialect, 'delimiter' | 'quote'>,
): string[] {
  const cells: string[] = [];
  for (let at = 0; ; ) {
    const quoted = record[at] === quote ? quotedText(record, at, quote) : undefined;
    const from = quoted?.end ?? at;
    const end = record.indexOf(delimiter, from);
    cells.push((quoted?.text ?? '') + record.slice(from, end < 0 ? record.length : end));
    if (end < 0) return cells;
    at = end + 1;
  }
}

/** The text between the quote at `open` and the one that closes it, and where that ends. */
function quotedText(record: string, open: number, mark: string): { text: string; end: number } {
  let text = '';
  let from = open + 1;
  for (;;) {
    const quote = record.indexOf(mark, from);
    if (quote < 0) return { text: text + record.slice(from), end: record.length };
    text += record.slice(from, quote);
    if (record[quote + 1] !== mark) return { text, end: quote + 1 };
    text += mark;
    from = quote + 2;
  }
}
