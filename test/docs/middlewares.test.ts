import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  DEFAULT_DOWNLOADER_MIDDLEWARES,
  DEFAULT_SCHEDULER_MIDDLEWARES,
  DEFAULT_SPIDER_MIDDLEWARES,
} from '../../middlewares/defaults.ts';

const guide = readFileSync(new URL('../../docs/guide/middlewares.md', import.meta.url), 'utf8');

/** What the first cells of the table below a head name, in order. */
function namesBelow(head: string): (string | undefined)[] {
  const [, table = ''] = guide.split(`\n| ${head} | |\n| --- | --- |\n`);
  const cells = [...(table.split('\n\n')[0] ?? '').matchAll(/^\|([^|]*)\|/gm)];
  return cells.flatMap(([, cell = '']) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name));
}

it.each([
  ['downloader', DEFAULT_DOWNLOADER_MIDDLEWARES],
  ['spider', DEFAULT_SPIDER_MIDDLEWARES],
  ['scheduler', DEFAULT_SCHEDULER_MIDDLEWARES],
])('the guide names every %s middleware that a crawl begins with, in their order', (head, factories) => {
  expect(namesBelow(head)).toEqual(
    factories.map((factory) => (factory as { readonly componentName?: string }).componentName),
  );
});
