import { describe, expect, it } from 'vitest';
import { exitCodeOf, summarize } from '../../../src/cli/summary.ts';
import { OutputError } from '../../../src/errors/output-error.ts';
import { SettingsError } from '../../../src/errors/settings-error.ts';

const result = {
  reason: 'finished',
  feeds: [],
  stats: {},
  pages: 10,
  items: 5,
  errors: 0,
  crawledNothing: false,
  errorGroups: { groups: [], others: 0 },
  failedOn: [],
  durationMs: 1500,
};
const kept = { ...result, feeds: [{ uri: '/work/b.csv', format: 'csv', items: 5, bytes: 2048 }] };
const facts = { reference: 'books', url: undefined, cwd: '/work', crawl: 'crawl' };

describe('summarize', () => {
  it('tells the end, the numbers and the files with their items and sizes', () => {
    const feeds = [{ uri: '/work/out/b.csv', format: 'csv', items: 5, bytes: 2048 }];
    expect(summarize({ ...facts, result: { ...result, feeds } })).toEqual({
      headline: 'books: finished after 1.5 s: 10 pages, 5 items',
      outputs: ['out/b.csv  (csv, 5 items, 2.0 kB)'],
      drops: [],
      errors: [],
      hints: [],
    });
  });

  it('names an archive with its records, and does not take it for a place of items', () => {
    const feeds = [{ uri: '/work/p.warc.gz', format: 'warc', items: 21, bytes: 2048 }];
    const { outputs, hints } = summarize({ ...facts, result: { ...result, feeds } });
    expect(outputs).toEqual(['p.warc.gz  (warc, 21 records, 2.0 kB)']);
    expect(hints).toHaveLength(1);
  });

  it('says how to keep items that went nowhere', () => {
    expect(summarize({ ...facts, reference: './a b/quick.ts', result }).hints).toEqual([
      'The items were not kept: add -o quick.jsonl to write them to a file.',
    ]);
  });

  it('does not say so where a pipeline keeps them', () => {
    expect(summarize({ ...facts, result, isKept: true }).hints).toEqual([]);
  });

  it('tells how many items were dropped, by reason', () => {
    const stats = { 'item/dropped': 76, 'item/dropped/too long': 76 };
    const { drops } = summarize({ ...facts, result: { ...result, stats } });
    expect(drops).toEqual(['76 dropped: too long (76)']);
  });

  it('says how much of a replay is not in the archive', () => {
    const stats = { 'request/dropped/replay missing': 96 };
    expect(summarize({ ...facts, result: { ...kept, stats } }).hints).toEqual([
      '96 requests are not in the archive.',
    ]);
  });

  it('counts the lines of seeds that were left out', () => {
    const ended = { ...kept, stats: { 'seeds/invalid': 9 } };
    const hintsOf = (seeds: string) => summarize({ ...facts, seeds, result: ended }).hints;
    expect(hintsOf('/work/bad.txt')).toEqual(['9 lines of bad.txt were left out.']);
    expect(hintsOf('-')).toEqual(['9 lines of standard input were left out.']);
  });

  it('gives the reason when there are no items', () => {
    expect(summarize({ ...facts, result: { ...result, items: 0 } }).hints[0]).toMatch(
      /^No items: .*selectors/,
    );
  });

  it('says what to do when the memory was used up', () => {
    const { headline, hints } = summarize({ ...facts, result: { ...result, reason: 'memory' } });
    expect(headline).toContain('stopped by memory');
    expect(hints[0]).toContain('keep the queue on disk (--job DIR), lower concurrentRequests');
  });

  it('says that closing failed where the crawl itself had come to its end', () => {
    const headlineOf = (reason: string): string =>
      summarize({ ...facts, result: { ...result, reason, error: new Error('disk full') } }).headline;
    expect(headlineOf('finished')).toMatch(/^books: finished after 1\.5 s, but closing failed: 10 pages/);
    expect(headlineOf('maxPages')).toContain('stopped by maxPages after 1.5 s, but closing failed');
    expect(headlineOf('output_error')).toContain('ended by an error (output_error) after');
  });

  it('does not advise an output where one was refused', () => {
    const error = new Error('no folder there');
    const { hints } = summarize({ ...facts, result: { ...result, reason: 'output_error', error } });
    expect(hints).toEqual([]);
  });

  it('does not guess reasons for an interrupted crawl', () => {
    const { headline, hints } = summarize({ ...facts, result: { ...result, items: 0, reason: 'shutdown' } });
    expect(headline).toContain('interrupted');
    expect(hints).toEqual([]);
  });
});

describe('exitCodeOf', () => {
  it.each([
    ['finished', {}, 0],
    ['a limit', { reason: 'maxPages' }, 0],
    ['some errors', { errors: 2 }, 0],
    ['errors and nothing else', { errors: 1, pages: 0, items: 0 }, 1],
    ['a fault', { reason: 'output_error', error: new Error('disk full') }, 1],
    ['a wrong setting', { reason: 'start_error', error: new SettingsError('x'), crawledNothing: true }, 2],
    [
      'an output that a resumed job refuses',
      { error: new OutputError('a', 'changed'), crawledNothing: true },
      2,
    ],
    ['too many errors', { reason: 'maxErrors', errors: 3 }, 1],
    ['a limit of memory', { reason: 'memory' }, 1],
    ['a condition that is met', { failedOn: ['errors>1%'] }, 3],
    ['a fault beside it', { failedOn: ['errors>1%'], error: new Error('disk full') }, 1],
    ['a signal', { reason: 'shutdown' }, 130],
  ])('of %s', (_what, changes, code) => {
    expect(exitCodeOf({ ...result, ...changes }, 'books')).toBe(code);
  });

  it('of a command that got no page of the site', () => {
    const stats = { 'request/failed/HttpError': 1 };
    expect(exitCodeOf({ ...result, items: 0, pages: 2, stats }, 'map')).toBe(1);
    expect(exitCodeOf({ ...result, items: 0, stats: { ...stats, 'site/pages': 3 } }, 'map')).toBe(0);
  });
});
