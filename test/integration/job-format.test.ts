import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { DEAD, EXPECTED, jobCrawl, outputsOf } from '../support/job-crawl.ts';

const FIXTURE = new URL('../fixtures/job-format-1.json.gz', import.meta.url);

const folder = mkdtempSync(join(tmpdir(), 'orbweaver-format-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a half-done job of format 1', () => {
  it('is opened and finished exactly', async () => {
    const files = JSON.parse(gunzipSync(readFileSync(FIXTURE)).toString()) as Record<string, string>;
    for (const [name, base64] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), Buffer.from(base64, 'base64'));
    }
    const { reason, pages, stats, job } = await jobCrawl({ folder });
    expect([reason, pages, job?.dead]).toEqual(['finished', EXPECTED.length - 3, DEAD]);
    expect(stats['item/scraped']).toBe(EXPECTED.length);
    for (const ids of outputsOf(folder)) expect(ids).toEqual(EXPECTED);
  });
});
