import { describe, expect, it, onTestFinished } from 'vitest';
import { WarcIndex } from '../../../../middlewares/warc/warc-index.ts';
import { Request, type RequestOptions } from '../../../../src/values/request.ts';
import { archiveOf, recordOf } from './collect-records.ts';

const URL = 'http://site.test/';
let ids = 0;

function answer(body: string, { status = 200, ...fields }: Record<string, string | number> = {}): Buffer {
  const texts = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]));
  const id = `<urn:uuid:${++ids}>`;
  return recordOf(`HTTP/1.1 ${status} X\r\n\r\n${body}`, {
    'WARC-Record-ID': id,
    'WARC-Target-URI': URL,
    ...texts,
  });
}

function question(method: string, body: string, fields: Record<string, string>): Buffer {
  const content = `${method} / HTTP/1.1\r\n\r\n${body}`;
  return recordOf(content, { 'WARC-Type': 'request', 'WARC-Target-URI': URL, ...fields });
}

async function indexOf(...records: Buffer[]): Promise<WarcIndex> {
  const index = await WarcIndex.open(archiveOf(Buffer.concat(records)), { maxRecordBytes: 1e6 });
  onTestFinished(() => index.close());
  return index;
}

async function bodyIn(
  index: WarcIndex,
  options: RequestOptions = {},
  url = URL,
): Promise<string | undefined> {
  return (await index.find(new Request(url, options)))?.body.toString();
}

describe('WarcIndex', () => {
  it('finds answers by canonical URL, without fragment and user', async () => {
    const index = await indexOf(answer('page', { 'WARC-Target-URI': '<http://site.test/?b=2&a=1>' }));
    expect(await bodyIn(index, {}, 'http://me:pw@site.test/?a=1&b=2#part')).toBe('page');
    expect(await bodyIn(index, {}, 'http://site.test/?a=1')).toBeUndefined();
  });

  it('tells methods and bodies apart, the question before its answer or behind it', async () => {
    const index = await indexOf(
      answer('get'),
      question('POST', 'a', { 'WARC-Record-ID': '<q>' }),
      answer('post a', { 'WARC-Concurrent-To': '<q>' }),
      answer('post b', { 'WARC-Record-ID': '<r>' }),
      question('POST', 'b', { 'WARC-Record-ID': '<s>', 'WARC-Concurrent-To': '<r>' }),
    );
    expect(await bodyIn(index)).toBe('get');
    expect(await bodyIn(index, { method: 'POST', body: 'a' })).toBe('post a');
    expect(await bodyIn(index, { method: 'POST', body: 'b' })).toBe('post b');
  });

  it('prefers the last whole answer that is no server error', async () => {
    const index = await indexOf(
      answer('old'),
      answer('new'),
      answer('busy', { status: 503 }),
      answer('ha', { 'WARC-Truncated': 'disconnect' }),
    );
    expect(await bodyIn(index)).toBe('new');
  });

  it('takes the body of a revisit from where it was stored', async () => {
    const index = await indexOf(
      answer('stored', { 'WARC-Target-URI': 'http://site.test/first', 'WARC-Payload-Digest': 'sha1:X' }),
      answer('', { 'WARC-Type': 'revisit', 'WARC-Payload-Digest': 'sha1:X', status: 203 }),
      answer('', {
        'WARC-Type': 'revisit',
        'WARC-Payload-Digest': 'sha1:Y',
        'WARC-Target-URI': 'http://site.test/lost',
      }),
    );
    expect(await index.find(new Request(URL))).toMatchObject({ status: 203, body: Buffer.from('stored') });
    expect(await bodyIn(index, {}, 'http://site.test/lost')).toBeUndefined();
  });

  it('passes over records that are no answers of sites', async () => {
    const index = await indexOf(
      answer('', { 'WARC-Target-URI': 'dns:site.test' }),
      recordOf('no HTTP', { 'WARC-Target-URI': URL }),
      recordOf('x', { 'WARC-Type': 'conversion', 'WARC-Target-URI': URL }),
      recordOf('HTTP/1.1 200 X\r\n\r\n', { 'WARC-Target-URI': 'http://[' }),
    );
    expect(index.size).toBe(0);
  });

  it('leaves out a last record that is cut, and says so', async () => {
    const index = await indexOf(answer('whole'), answer('cut').subarray(0, 60));
    expect(await bodyIn(index)).toBe('whole');
    expect(index.damage?.isCut).toBe(true);
  });
});
