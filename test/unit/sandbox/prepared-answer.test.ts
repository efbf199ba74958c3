import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { PreparedAnswer } from '../../../src/sandbox/prepared-answer.ts';

const TEXT = 'weather '.repeat(100);
const answer = new PreparedAnswer({ type: 'text/plain', body: TEXT, updatedAt: '2024-01-01T03:00:00.500Z' });

describe('PreparedAnswer', () => {
  it.each([
    ['gzip, deflate, br', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, gzip;q=0.5', 'gzip'],
    ['*', 'gzip'],
    ['deflate', undefined],
    [undefined, undefined],
  ])('answers Accept-Encoding %s with %s', (accepted, coding) => {
    const { headers, body = Buffer.alloc(0) } = answer.replyTo(
      accepted ? { 'accept-encoding': accepted } : {},
    );
    expect(headers['content-encoding']).toBe(coding);
    expect(headers['content-length']).toBe(body.length);
    const plain = coding === 'br' ? brotliDecompressSync(body) : coding ? gunzipSync(body) : body;
    expect(plain.toString()).toBe(TEXT);
  });

  it('compresses once', () => {
    const ask = () => answer.replyTo({ 'accept-encoding': 'gzip' }).body;
    expect(ask()).toBe(ask());
  });

  it('says 304 to who has its tag, alone or in a list', () => {
    const tag = String(answer.replyTo({}).headers.etag);
    for (const tags of [tag, `"other", ${tag}`, tag.slice(2), '*']) {
      expect(answer.replyTo({ 'if-none-match': tags })).toMatchObject({ status: 304, body: undefined });
    }
    expect(answer.replyTo({ 'if-none-match': '"other"' }).status).toBe(200);
  });

  it('says 304 to who has it since it changed, unless a tag says otherwise', () => {
    const since = 'Mon, 01 Jan 2024 03:00:00 GMT';
    expect(answer.replyTo({ 'if-modified-since': since }).status).toBe(304);
    expect(answer.replyTo({ 'if-modified-since': 'Mon, 01 Jan 2024 02:59:59 GMT' }).status).toBe(200);
    expect(answer.replyTo({ 'if-modified-since': since, 'if-none-match': '"other"' }).status).toBe(200);
  });
});
