import { expect, it } from 'vitest';
import { errorLines } from '../../../src/cli/error-lines.ts';
import type { ErrorGroup } from '../../../src/crawler/watch/error-groups.ts';

const group = (changes: Partial<ErrorGroup> = {}): ErrorGroup => ({
  ...{ kind: 'spider', error: 'TypeError', callback: 'parse', count: 12, message: 'no title' },
  ...changes,
});

it('tells of a group by its line, its first page and the saved file', () => {
  const one = group({
    place: '/shop/spiders/b.ts:3:1',
    url: 'http://site.test/1',
    page: '/shop/errors/x.html',
  });
  expect(errorLines({ groups: [one], others: 0 }, '/shop')).toEqual([
    '12 × TypeError (parse, spiders/b.ts:3:1): no title',
    '     first: http://site.test/1',
    '     saved: errors/x.html',
  ]);
});

it('tells of an unwanted answer by its status', () => {
  const one = group({ kind: 'request', error: 'HttpError', status: 404, message: 'long advice' });
  expect(errorLines({ groups: [one], others: 0 }, '/shop')).toEqual(['12 × HttpError 404 (parse)']);
});

it('tells of a callback that the spider no longer has by its name', () => {
  const one = group({ kind: 'request', error: 'InvalidCallbackError', callback: 'parseItem' });
  expect(errorLines({ groups: [one], others: 0 }, '/shop')).toEqual([
    '12 × the spider has no method parseItem() any more: name it so again, then have the requests tried again',
  ]);
});

it('shows ten groups and counts the rest', () => {
  const groups = Array.from({ length: 12 }, () => group({ count: 5 }));
  const lines = errorLines({ groups, others: 3 }, '/shop');
  expect(lines).toHaveLength(11);
  expect(lines.at(-1)).toBe('and 13 failures of other kinds');
});
