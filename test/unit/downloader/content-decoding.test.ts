import { randomBytes } from 'node:crypto';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ACCEPT_ENCODING, decodeBody } from '../../../src/downloader/content-decoding.ts';
import { BodyTooLargeError } from '../../../src/errors/body-too-large-error.ts';
import { DataLossError } from '../../../src/errors/data-loss-error.ts';

const text = 'Hello wörld. '.repeat(500);
const strict = { maxBytes: 1_000_000, failOnDataLoss: true };
const lenient = { maxBytes: 1_000_000, failOnDataLoss: false };

const decode = async (body: Buffer | string, coding: string | undefined, options = strict) => {
  const decoded = await decodeBody(Buffer.from(body), coding, options);
  return { ...decoded, body: Buffer.from(decoded.body).toString() };
};
const whole = { body: text, contentEncoding: undefined, partial: false };

describe('decodeBody', () => {
  it.each([
    ['gzip', gzipSync(text)],
    ['X-GZIP', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['br', brotliCompressSync(text)],
    ['gzip', Buffer.concat([gzipSync(text.slice(0, 100)), gzipSync(text.slice(100))])],
    ['deflate, br , gzip', gzipSync(brotliCompressSync(deflateSync(text)))],
    ['gzip, identity', gzipSync(text)],
  ])('undoes %s', async (coding, packed) => {
    expect(await decode(packed, coding)).toEqual(whole);
  });

  it('stops at a coding it does not know and leaves it on the header', async () => {
    expect(await decode(gzipSync(text), 'br, UUencode, gzip')).toEqual({
      ...whole,
      contentEncoding: 'br, uuencode',
    });
  });

  it.each([undefined, 'identity', ''])('leaves a body alone whose header is %j', async (coding) => {
    const left = coding === 'identity' ? 'identity' : undefined;
    expect(await decode(text, coding)).toEqual({ ...whole, contentEncoding: left });
  });

  it.each(['gzip', 'deflate', 'br', 'gzip, gzip'])(
    'hands on plain text that is called %s',
    async (coding) => {
      expect(await decode(text, coding)).toEqual(whole);
    },
  );

  it('unpacks nothing of an empty body', async () => {
    expect(await decode('', 'br')).toEqual({ ...whole, body: '' });
  });

  it('hands over large bodies to a thread', () => {
    const packed = gzipSync(randomBytes(300_000));
    expect(decodeBody(packed, 'gzip', strict)).toBeInstanceOf(Promise);
  });

  it.each([
    ['a small bomb', gzipSync(Buffer.alloc(5_000_000))],
    ['a large one', gzipSync(Buffer.concat([randomBytes(300_000), Buffer.alloc(5_000_000)]))],
    ['one in a chain', gzipSync(gzipSync(Buffer.alloc(50_000_000)))],
  ])('refuses %s', async (_, bomb) => {
    await expect(decode(bomb, 'gzip, gzip')).rejects.toThrow(BodyTooLargeError);
  });

  it('unpacks up to the very limit', async () => {
    const packed = gzipSync(Buffer.alloc(1_000_000));
    expect((await decode(packed, 'gzip')).body).toHaveLength(1_000_000);
  });

  it.each([
    ['gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['br', brotliCompressSync(text)],
  ])('takes cut %s for lost data', async (coding, packed) => {
    await expect(decode(packed.subarray(0, -3), coding)).rejects.toThrow(DataLossError);
  });

  it('hands on what came of a cut body where that is wanted', async () => {
    const { body, partial } = await decode(
      gzipSync(randomBytes(900).toString('hex')).subarray(0, 500),
      'gzip',
      lenient,
    );
    expect(partial).toBe(true);
    expect(body.length).toBeGreaterThan(500);
  });

  it('hands on the whole text where only the checksum is wrong', async () => {
    const packed = gzipSync(text);
    packed[packed.length - 6] = (packed[packed.length - 6] ?? 0) ^ 0xff;
    await expect(decode(packed, 'gzip')).rejects.toThrow(DataLossError);
    expect(await decode(packed, 'gzip', lenient)).toEqual({ ...whole, partial: true });
  });

  it('hands on what comes before a corrupt byte', async () => {
    const plain = randomBytes(100_000).toString('hex');
    const packed = gzipSync(plain);
    packed.fill(0xff, packed.length >> 1, (packed.length >> 1) + 64);
    const { body, partial } = await decode(packed, 'gzip', lenient);
    expect(partial).toBe(true);
    expect(body.slice(0, 50_000)).toBe(plain.slice(0, 50_000));
  });

  it('undoes at most five codings', async () => {
    const coding = Array(6).fill('gzip').join();
    await expect(async () => decode(gzipSync(text), coding)).rejects.toThrow(DataLossError);
    expect(await decodeBody(gzipSync(text), coding, lenient)).toMatchObject({
      partial: true,
      contentEncoding: coding,
    });
  });
});

it('offers the codings that can be undone', () => {
  expect(ACCEPT_ENCODING).toMatch(/^gzip, deflate, br(, zstd)?$/);
});
