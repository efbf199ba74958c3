import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { warcReplay } from '../../../../middlewares/index.ts';
import type { Settings } from '../../../../src/settings/settings.ts';
import type { RequestOptions } from '../../../../src/values/request.ts';
import type { Response } from '../../../../src/values/response.ts';
import { contextWith, made, unitFor } from '../component-context.ts';
import { archiveOf, recordOf } from '../warc/collect-records.ts';

const url = 'http://site.test/';
const page = '<title>packed</title>';
const packed = Buffer.concat([
  Buffer.from('HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Type: text/html\r\n\r\n'),
  gzipSync(page),
]);

/** What a replay of one record answers to a request. */
async function replayed(
  record: Buffer,
  settings: Partial<Settings> = {},
  {
    url: asked = url,
    maxBodyBytes,
    ...options
  }: RequestOptions & { url?: string; maxBodyBytes?: number } = {},
): Promise<unknown> {
  const replay = await made(warcReplay(), contextWith({ replayWarc: archiveOf(record), ...settings }));
  await replay.open?.();
  onTestFinished(async () => replay.close?.('finished'));
  const unit = unitFor(asked, options);
  unit.maxBodyBytes = maxBodyBytes ?? unit.maxBodyBytes;
  return replay.processRequest?.(unit.request, unit);
}

const target = { 'WARC-Target-URI': url, 'WARC-IP-Address': '192.0.2.1' };
const cut = recordOf('HTTP/1.1 200 OK\r\n\r\nhalf', { ...target, 'WARC-Truncated': 'time' });

describe('warcReplay', () => {
  it('unpacks a body as a download does', async () => {
    const response = (await replayed(recordOf(packed, target))) as Response;
    expect([response.text, response.flags, response.ipAddress]).toEqual([page, ['cached'], '192.0.2.1']);
    expect(response.headers.has('content-encoding')).toBe(false);
  });

  it('leaves packed bodies alone where the settings say so', async () => {
    const response = (await replayed(recordOf(packed, target), { compression: false })) as Response;
    expect(response.headers.get('content-encoding')).toBe('gzip');
  });

  it('holds the limit on bodies', async () => {
    await expect(replayed(recordOf(packed, target), {}, { maxBodyBytes: 10 })).rejects.toThrow('10 bytes');
  });

  it('counts a body that ends early as missing, unless downloads may end early', async () => {
    expect(await replayed(cut)).toBeUndefined();
    expect(await replayed(cut, { failOnDataLoss: false })).toMatchObject({ flags: ['cached', 'partial'] });
  });

  it('takes a robots.txt that is missing for none where nothing may be fetched', async () => {
    const asked = { url: 'http://site.test/robots.txt' };
    expect(await replayed(cut, { replayMissing: 'fail' }, asked)).toMatchObject({ status: 404 });
    expect(await replayed(cut, {}, asked)).toBeUndefined();
    expect(await replayed(cut, { replayMissing: 'fail' })).toMatchObject({ reason: 'replay missing' });
  });

  it('refuses a file that is no archive', async () => {
    await expect(replayed(Buffer.from('<html>'))).rejects.toThrow('no WARC record begins here');
  });
});
