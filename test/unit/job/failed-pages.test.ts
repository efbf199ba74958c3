import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FailedPages, failedPagePath } from '../../../src/job/failed-pages.ts';
import { MemoryLogger } from '../../../src/logging/memory-logger.ts';
import { Response } from '../../../src/values/response.ts';

let folder = '';
const logger = new MemoryLogger();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orbweaver-failed-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const answer = (body: string) =>
  new Response('http://site.test/', { status: 503, headers: { 'Retry-After': '5' }, body });

describe('FailedPages', () => {
  it('keeps status, headers and body, those of the last time', async () => {
    const pages = new FailedPages({ folder, logger });
    pages.keep('abc', answer('first'));
    pages.keep('abc', answer('last'));
    await pages.settled();
    expect(readFileSync(failedPagePath(folder, 'abc'), 'latin1')).toMatch(
      /^HTTP\/1\.1 503\r\nretry-after: 5\r\n\r\nlast$/i,
    );
  });

  it('keeps no more than it may', async () => {
    const pages = new FailedPages({ folder, logger, mostBytes: 50 });
    for (const name of ['a', 'b']) pages.keep(name, answer(name));
    await pages.settled();
    expect(() => readFileSync(failedPagePath(folder, 'b'))).toThrow('ENOENT');
  });

  it('tells once that the disk refuses, and goes on', async () => {
    writeFileSync(join(folder, 'failed'), '');
    const pages = new FailedPages({ folder, logger });
    for (const name of ['a', 'b']) pages.keep(name, answer(name));
    await pages.settled();
    expect(logger.records.map(({ message }) => message)).toEqual([
      expect.stringMatching(/answers of failed requests are not all kept: EEXIST/),
    ]);
  });
});
