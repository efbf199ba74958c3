// Exports for the self-test: whole ones, written without the framework, and ways to spoil them.
import { gzipSync } from 'node:zlib';
import { PAGES, pageItem, variedItem } from './page-item.mjs';

const ids = Array.from({ length: PAGES }, (_, id) => id);
const withoutOne = ids.filter((id) => id !== 1234);
const withOneTwice = [...ids, 77];

const FORMATS = [
  { name: 'out.jsonl', itemOf: pageItem, write: jsonLines },
  { name: 'out.json', itemOf: pageItem, write: (items) => JSON.stringify(items) },
  { name: 'out.csv', itemOf: pageItem, write: csv },
  { name: 'out.csv', itemOf: variedItem, write: csv },
  { name: 'out.xml', itemOf: pageItem, write: xml },
  { name: 'out.jsonl.gz', itemOf: pageItem, write: (items) => gzipSync(jsonLines(items)) },
];

/** `{ title, name, itemOf, bytes, expected }`: what the checkers must say of each planted export. */
export function plantedExports() {
  return FORMATS.flatMap(({ name, itemOf, write }) => {
    const plant = (title, bytes, expected) => ({ title, name, itemOf, bytes: Buffer.from(bytes), expected });
    const whole = Buffer.from(write(ids.map(itemOf)));
    const wrongField = ids.map((id) => (id === 500 ? { ...itemOf(id), title: 'page 501' } : itemOf(id)));
    return [
      plant('a whole export', whole, {}),
      plant('a page too few', write(withoutOne.map(itemOf)), { missing: 1 }),
      plant('a page twice', write(withOneTwice.map(itemOf)), { double: 1 }),
      plant('a wrong field', write(wrongField), { broken: 1 }),
      plant('an end that was cut off', whole.subarray(0, -3), { isBroken: true }),
      plant('half an export', whole.subarray(0, whole.length / 2), { isBroken: true }),
      plant('junk at the end', Buffer.concat([whole, Buffer.from('{"id":')]), { isBroken: true }),
      plant('a flipped byte', flipped(whole), { isBroken: true }),
      plant('nothing', '', { isBroken: name.endsWith('.csv') ? undefined : true, missing: PAGES }),
    ].filter(({ title }) => title !== 'nothing' || name !== 'out.jsonl');
  });
}

/** A byte in the middle of the export, made one that no UTF-8 text can hold. */
function flipped(whole) {
  const bytes = Buffer.from(whole);
  bytes[Math.floor(bytes.length / 2)] ^= 0xff;
  return bytes;
}

function jsonLines(items) {
  return items.map((item) => `${JSON.stringify(item)}\n`).join('');
}

function csv(items) {
  const titles = [...new Set(items.flatMap((item) => Object.keys(item)))];
  const rows = [titles, ...items.map((item) => titles.map((title) => item[title] ?? ''))];
  return rows.map((row) => `${row.map(quoted).join(',')}\r\n`).join('');
}

function quoted(cell) {
  return `"${String(cell).replaceAll('"', '""')}"`;
}

function xml(items) {
  const element = ([name, value]) => `<${name}>${xmlText(String(value))}</${name}>`;
  const records = items.map((item) => `<item>${Object.entries(item).map(element).join('')}</item>`);
  return `<?xml version="1.0" encoding="utf-8"?>\n<items>${records.join('\n')}</items>`;
}

function xmlText(text) {
  const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };
  return text.replace(/[&<>\r]/g, (character) => entities[character]);
}
