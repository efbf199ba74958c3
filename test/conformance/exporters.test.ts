import { isDeepStrictEqual } from 'node:util';
import type { Exporter } from '../../src/contracts/exporter.ts';
import { bytesOf } from '../../src/feed/bytes-of.ts';
import { charset } from '../../src/feed/charset.ts';
import { CsvExporter } from '../../src/feed/csv-exporter.ts';
import { JsonExporter } from '../../src/feed/json-exporter.ts';
import { JsonLinesExporter } from '../../src/feed/json-lines-exporter.ts';
import { XmlExporter } from '../../src/feed/xml-exporter.ts';
import type { FeedOptions } from '../../src/settings/feed-options.ts';
import type { ItemRecord } from '../../src/values/item.ts';
import { cases } from './load.ts';

interface Input {
  format: 'json' | 'jsonl' | 'csv' | 'xml';
  items: ItemRecord[];
  options: FeedOptions;
}

interface Wanted {
  value?: unknown;
  text?: string;
  bytesBase64?: string;
}

cases<Input, Wanted>(
  'exporters',
  ({ format, items, options }) => {
    const exporter = create(format, items, options);
    const parts = [exporter.start(), ...items.map((item) => exporter.encode([item])), exporter.end()];
    return Buffer.concat(parts.map(bytesOf));
  },
  (result, wanted, { format, options }) => {
    const bytes = result as Buffer;
    if (wanted.bytesBase64 !== undefined && wanted.value === undefined) {
      return bytes.toString('base64') === wanted.bytesBase64;
    }
    const text = charset(options.encoding).decode(bytes);
    if (format === 'csv' || format === 'xml') return text === wanted.text;
    const value =
      format === 'json'
        ? JSON.parse(text)
        : text
            .split('\n')
            .slice(0, -1)
            .map((line) => JSON.parse(line));
    return isDeepStrictEqual(value, wanted.value);
  },
);

function create(format: Input['format'], items: readonly ItemRecord[], options: FeedOptions): Exporter {
  if (format === 'json') return new JsonExporter(options);
  if (format === 'jsonl') return new JsonLinesExporter(options);
  if (format === 'xml') return new XmlExporter(options);
  // The reference takes its columns from the first item and escapes no formulas: here both are said.
  const fields = options.fields ?? (items.length > 0 ? Object.keys(items[0] ?? {}) : undefined);
  return new CsvExporter({ ...options, fields, escapeFormulas: false });
}
