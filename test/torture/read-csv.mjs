// CSV by RFC 4180 and nothing else: CRLF behind every row, quotes only around a whole cell, rows as wide as the first.
const CELL = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;

/** Records by the titles of the first row. */
export function readCsv(text) {
  const rows = [];
  const broken = [];
  let cells = [];
  CELL.lastIndex = 0;
  for (let at = 0; at < text.length; at = CELL.lastIndex) {
    CELL.lastIndex = at;
    const match = CELL.exec(text);
    if (match === null) {
      broken.push(`behind row ${rows.length}: ${JSON.stringify(text.slice(at, at + 40))} is no cell`);
      break;
    }
    const [, quoted, plain, end] = match;
    cells.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    rows.push(cells);
    cells = [];
  }
  if (cells.length > 0 && broken.length === 0) broken.push('the last row has no end');
  const [titles = [], ...body] = rows;
  const records = [];
  for (const [at, row] of body.entries()) {
    if (row.length !== titles.length) broken.push(`row ${at + 2}: ${row.length} cells, not ${titles.length}`);
    else records.push(Object.fromEntries(titles.map((title, index) => [title, row[index]])));
  }
  return { records, broken, isTyped: false, titles };
}
