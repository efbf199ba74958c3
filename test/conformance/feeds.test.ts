import { csvRows, xmlElements } from '../../src/index.ts';
import { cases } from './load.ts';

interface Feed {
  readonly csv?: string;
  readonly delimiter?: string;
  readonly quote?: string;
  readonly headers?: readonly string[];
  readonly xml?: string;
  readonly node?: string;
  readonly fields?: readonly string[];
}

cases<Feed>('feeds', ({ csv, delimiter, quote, headers, xml = '', node = '', fields = [] }) => {
  if (csv !== undefined) return [...csvRows(csv, { delimiter, quote, headers })];
  return [...xmlElements(xml, node)].map((one) =>
    Object.fromEntries(fields.map((field) => [field, one.css(`${field}::text`).get()])),
  );
});
