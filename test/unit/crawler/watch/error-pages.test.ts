import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { OpenGroup } from '../../../../src/crawler/watch/error-groups.ts';
import { ErrorPages } from '../../../../src/crawler/watch/error-pages.ts';
import { MemoryLogger } from '../../../../src/logging/memory-logger.ts';
import { Response } from '../../../../src/values/response.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orbweaver-error-pages-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const group = (): OpenGroup => ({
  ...{ kind: 'spider', error: 'TypeError', callback: 'parse', count: 1, message: 'no title' },
});
const page = new Response('http://site.test/a', {
  body: '<h1>A</h1>',
  headers: { 'Content-Type': 'text/html' },
});

it('saves the body under a name that tells what failed, the same in each run', async () => {
  for (let run = 0; run < 2; run++) {
    const pages = new ErrorPages(join(folder, 'errors'), new MemoryLogger());
    const failed = group();
    pages.keep(failed, page, 'key');
    await pages.settled();
    expect(failed.page).toMatch(/errors.TypeError-parse-[0-9a-f]{8}\.html$/);
    expect(readFileSync(String(failed.page), 'utf8')).toBe('<h1>A</h1>');
  }
  expect(readdirSync(join(folder, 'errors'))).toHaveLength(1);
});

it('leaves out pages that are too large', async () => {
  const pages = new ErrorPages(folder, new MemoryLogger());
  pages.keep(group(), new Response('http://site.test/', { body: new Uint8Array(9 * 1024 ** 2) }), 'key');
  await pages.settled();
  expect(readdirSync(folder)).toEqual([]);
});

it('says once that a disk refuses, and names no file', async () => {
  const logger = new MemoryLogger();
  const pages = new ErrorPages('/dev/null/errors', logger);
  const failed = group();
  pages.keep(failed, page, 'one');
  pages.keep(failed, page, 'two');
  await pages.settled();
  expect(logger.messages()).toEqual([expect.stringContaining('the pages of errors are not all saved')]);
  expect(failed.page).toBeUndefined();
});
