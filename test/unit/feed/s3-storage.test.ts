import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFeed } from '../../../src/feed/create-feed.ts';
import { S3Storage } from '../../../src/feed/s3-storage.ts';
import { awsUploader, type S3Uploader } from '../../../src/feed/s3-uploader.ts';
import { FeedClock } from './feed-clock.ts';

/** Keeps what it is given; the packages' classes as far as they are used. */
function bucket(fault?: Error) {
  const objects = new Map<string, string>();
  const clients: unknown[] = [];
  const uploads: Record<string, unknown>[] = [];
  class S3Client {
    constructor(options: object) {
      clients.push(options);
    }
    destroy(): void {}
  }
  class Upload {
    readonly #options: { readonly params: { Bucket: string; Key: string; Body: AsyncIterable<Buffer> } };
    constructor(options: { params: { Bucket: string; Key: string; Body: AsyncIterable<Buffer> } }) {
      this.#options = options;
      uploads.push({ ...options });
    }
    async done(): Promise<void> {
      if (fault !== undefined) throw fault;
      const { Bucket, Key, Body } = this.#options.params;
      const pieces: Buffer[] = [];
      for await (const piece of Body) pieces.push(piece);
      objects.set(`${Bucket}/${Key}`, Buffer.concat(pieces).toString());
    }
  }
  const load = async (name: string) => (name.endsWith('client-s3') ? { S3Client } : { Upload });
  return { objects, clients, uploads, load };
}

const leftovers = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('orbweaver-s3-'));

describe('awsUploader', () => {
  it('gives endpoint, region, keys and ACL to the packages, and nothing that was not given', async () => {
    const { load, clients, uploads, objects } = bucket();
    const keys = { accessKeyId: 'id', secretAccessKey: 'secret', sessionToken: 'token' };
    const options = { endpoint: 'http://127.0.0.1:9000', region: 'eu', acl: 'public-read', ...keys };
    const uploader = await awsUploader(options, load);
    await uploader.upload({
      bucket: 'b',
      key: 'k',
      open: async function* () {
        yield Buffer.from('x');
      },
    });
    await awsUploader({}, load);
    const credentials = keys;
    expect(clients).toEqual([
      { region: 'eu', endpoint: 'http://127.0.0.1:9000', forcePathStyle: true, credentials },
      {},
    ]);
    expect(uploads[0]).toMatchObject({ params: { Bucket: 'b', Key: 'k', ACL: 'public-read' }, queueSize: 4 });
    expect(objects.get('b/k')).toBe('x');
  });

  it('names the packages where they are missing, and the key that is', async () => {
    const missing = Object.assign(new Error('no'), { code: 'ERR_MODULE_NOT_FOUND' });
    await expect(awsUploader({}, () => Promise.reject(missing))).rejects.toThrow(
      'an output at s3:// needs two packages that are not installed: npm install @aws-sdk/client-s3 @aws-sdk/lib-storage',
    );
    await expect(awsUploader({ accessKeyId: 'id' })).rejects.toThrow(/needs accessKeyId and secretAccessKey/);
  });
});

describe('S3Storage', () => {
  async function store(connect: () => Promise<S3Uploader>): Promise<S3Storage> {
    const storage = new S3Storage('s3://shop/out/a.jsonl', connect);
    await storage.open();
    await storage.write(Buffer.from('one\n'));
    await storage.write(Buffer.from('two\n'));
    return storage;
  }

  it('uploads all at the close, and leaves nothing behind', async () => {
    const before = leftovers();
    const { load, objects } = bucket();
    const storage = await store(() => awsUploader({}, load));
    expect(objects.size).toBe(0);
    await storage.close();
    expect([...objects]).toEqual([['shop/out/a.jsonl', 'one\ntwo\n']]);
    expect(leftovers()).toEqual(before);
  });

  it('uploads nothing where items are missing', async () => {
    const before = leftovers();
    const { load, objects } = bucket();
    await (await store(() => awsUploader({}, load))).discard();
    expect([objects.size, leftovers()]).toEqual([0, before]);
  });

  it('keeps the content of an upload that failed, and says where', async () => {
    const { load } = bucket(new Error('AccessDenied'));
    const storage = await store(() => awsUploader({}, load));
    const fault = await storage.close().catch((error: Error) => error);
    const [, path = ''] =
      /^s3:\/\/shop\/out\/a\.jsonl: the upload failed: AccessDenied; .* is in (.*)$/.exec(
        String((fault as Error).message),
      ) ?? [];
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
    rmSync(dirname(path), { recursive: true });
  });

  it('takes no keys in the address, and does not repeat them', () => {
    const create = (): unknown => createFeed('s3://id:hidden@shop/a.jsonl', {}, { clock: new FeedClock() });
    expect(create).toThrow(/put keys of the account into settings\.s3/);
    expect(create).not.toThrow(/hidden/);
  });
});
