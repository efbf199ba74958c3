import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { writePageView } from '../../../src/testing/page-view.ts';
import { Response } from '../../../src/values/response.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'orbweaver-view-'));
  vi.stubEnv('XDG_CACHE_HOME', root);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true });
});

const page = (body: string, type = 'text/html', url = 'http://a.test/../../etc/x?y=/z') =>
  new Response(url, { headers: { 'content-type': type }, body: Buffer.from(body) });

describe('writePageView', () => {
  it('keeps scripts, refreshes and network of the page away from the browser', () => {
    const text = readFileSync(writePageView(page('<h1>x</h1><script>alert(1)</script>')), 'utf8');
    expect(text).toContain("default-src 'none'");
    expect(text).toContain('<iframe sandbox srcdoc="');
    expect(text).not.toContain('<script>');
  });

  it('lets no quote of the page end the frame', () => {
    const text = readFileSync(writePageView(page('"></iframe><script>x</script>')), 'utf8');
    expect(text.match(/<\/iframe>/g)).toHaveLength(1);
    expect(text).not.toContain('"></iframe><');
  });

  it('takes nothing of the path into the name, and shows the file to nobody else', () => {
    const path = writePageView(page('<h1>x</h1>'));
    expect(basename(path)).toMatch(/^a\.test-\d+\.html$/);
    expect(statSync(path).mode & 0o077).toBe(0);
  });

  it('writes what is no HTML as text', () => {
    const path = writePageView(page('{"a": "<b>"}', 'application/json'));
    expect(path).toMatch(/\.txt$/);
    expect(readFileSync(path, 'utf8')).toBe('{"a": "<b>"}');
  });

  it('keeps the twenty newest', () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    let last = '';
    for (let index = 0; index < 25; index += 1) {
      vi.setSystemTime(1_700_000_000_000 + index);
      last = writePageView(page('<p>x'));
    }
    expect(readdirSync(dirname(last))).toHaveLength(20);
    expect(readdirSync(dirname(last))).toContain(basename(last));
  });
});
