// Strict readers of exports: they give the records and every reason why a file is not what it should be.
import { gunzipSync } from 'node:zlib';
import { SaxesParser } from 'saxes';
import { readCsv } from './read-csv.mjs';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads the bytes of an export by its name: `{ records, broken, isTyped }`. `broken` lists what does not parse;
 * `isTyped` says whether values keep their type or come as text.
 */
export function readRecords(name, bytes) {
  try {
    if (name.endsWith('.gz')) return readRecords(name.slice(0, -3), gunzipped(bytes));
    const text = decoder.decode(bytes);
    if (name.endsWith('.jsonl')) return readJsonLines(text);
    if (name.endsWith('.json')) return { records: JSON.parse(text), broken: [], isTyped: true };
    if (name.endsWith('.csv')) return readCsv(text);
    if (name.endsWith('.xml')) return readXml(text);
  } catch (error) {
    return { records: [], broken: [error.message], isTyped: true };
  }
  throw new Error(`no reader for ${name}`);
}

/** Node takes what stands behind the last member for padding and says nothing. */
function gunzipped(bytes) {
  const { buffer, engine } = gunzipSync(bytes, { info: true });
  if (engine.bytesWritten !== bytes.length)
    throw new Error('there is something behind the end of the gzip data');
  return buffer;
}

function readJsonLines(text) {
  const records = [];
  const broken = [];
  const lines = text.split('\n');
  if (lines.pop() !== '') broken.push('the last line has no end');
  for (const [at, line] of lines.entries()) {
    try {
      records.push(JSON.parse(line));
    } catch (error) {
      broken.push(`line ${at + 1}: ${error.message}`);
    }
  }
  return { records, broken, isTyped: true };
}

/** Every element of depth two is a record, every one below it a field. */
function readXml(text) {
  const records = [];
  const open = [];
  let value = '';
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name }) => {
    open.push(name);
    if (open.length === 2) records.push({});
    value = '';
  });
  parser.on('text', (piece) => {
    value += piece;
  });
  parser.on('closetag', () => {
    if (open.length === 3) records.at(-1)[open[2]] = value;
    open.pop();
  });
  parser.write(text).close();
  return { records, broken: [], isTyped: false };
}
