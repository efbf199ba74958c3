import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { createFeed } from '../../../src/feed/create-feed.ts';
import { plainEndpoint } from '../../../src/feed/plain-endpoint.ts';
import { openS3, type S3Objects } from '../../../src/feed/s3-objects.ts';
import { S3Storage } from '../../../src/feed/s3-storage.ts';
import { FeedClock } from './feed-clock.ts';

/** Keeps what it is given; the packages' classes as far as they are used. */
function bucket(fault?: Error) {
  const objects = new Map<string, string>();
  const clients: unknown[] = [];
  const steps: ((next: (step: object) => Promise<unknown>) => (step: object) => Promise<unknown>)[] = [];
  const uploads: Record<string, unknown>[] = [];
  class S3Client {
    constructor(options: object) {
      clients.push(options);
    }
    readonly middlewareStack = { add: (step: (typeof steps)[number]) => steps.push(step) };
    async send(command: { Bucket: string; Key: string }): Promise<object> {
      if (fault !== undefined) throw fault;
      const object = objects.get(`${command.Bucket}/${command.Key}`);
      if (object !== undefined && command instanceof GetObjectCommand) return { Body: [Buffer.from(object)] };
      if (object !== undefined) {
        return { ContentLength: object.length, LastModified: new Date(5000), Metadata: { note: 'x' } };
      }
      throw Object.assign(new Error('NotFound'), { $metadata: { httpStatusCode: 404 } });
    }
    destroy(): void {}
  }
  class HeadObjectCommand {
    constructor(input: object) {
      Object.assign(this, input);
    }
  }
  class GetObjectCommand extends HeadObjectCommand {}
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
  const load = async (name: string) =>
    name.endsWith('client-s3') ? { S3Client, HeadObjectCommand, GetObjectCommand } : { Upload };
  return { objects, clients, uploads, steps, load };
}

const leftovers = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('orbweaver-s3-'));

describe('openS3', () => {
  it('gives endpoint, region, keys and ACL to the packages, and nothing that was not given', async () => {
    const { load, clients, uploads, objects } = bucket();
    const keys = { accessKeyId: 'id', secretAccessKey: 'secret', sessionToken: 'token' };
    const options = { endpoint: 'https://127.0.0.1:9000', region: 'eu', acl: 'public-read', ...keys };
    const uploader = await openS3(options, load);
    await uploader.upload({
      bucket: 'b',
      key: 'k',
      open: async function* () {
        yield Buffer.from('x');
      },
    });
    await openS3({}, load);
    const credentials = keys;
    expect(clients).toEqual([
      { region: 'eu', endpoint: 'https://127.0.0.1:9000', forcePathStyle: true, credentials },
      {},
    ]);
    expect(uploads[0]).toMatchObject({ params: { Bucket: 'b', Key: 'k', ACL: 'public-read' }, queueSize: 4 });
    expect(objects.get('b/k')).toBe('x');
  });

  it('says what is known of an object, and reads it', async () => {
    const { load, objects } = bucket();
    objects.set('b/k', 'text');
    const storage = await openS3({}, load);
    expect(await storage.stat('b', 'k')).toEqual({ bytes: 4, storedAtMs: 5000, metadata: { note: 'x' } });
    expect(await storage.stat('b', 'other')).toBeUndefined();
    expect(await text(storage.read('b', 'k'))).toBe('text');
  });

  it('gives the type and the notes of an object to the packages', async () => {
    const { load, uploads } = bucket();
    const storage = await openS3({}, load);
    const open = async function* () {};
    await storage.upload({ bucket: 'b', key: 'k', open, contentType: 'image/png', metadata: { note: 'x' } });
    expect(uploads[0]).toMatchObject({ params: { ContentType: 'image/png', Metadata: { note: 'x' } } });
  });

  it('refuses an endpoint without TLS wherever it is named, and repeats no login', async () => {
    const { load, steps } = bucket();
    const endpoint = 'http://id:hidden@127.0.0.1:9000';
    const refused = await openS3({ endpoint }, load).catch((error: Error) => error);
    expect((refused as Error).message).toBe(
      'the S3 endpoint http://127.0.0.1:9000 has no TLS: keys and content would travel readable; use https, or set s3.allowInsecure to true',
    );
    expect(plainEndpoint({}, { AWS_ENDPOINT_URL_S3: 'http://a.test' })).toBe('http://a.test');
    expect(
      plainEndpoint({ endpoint: 'https://a.test' }, { AWS_ENDPOINT_URL: 'http://b.test' }),
    ).toBeUndefined();
    expect(() => createFeed('s3://b/a.jsonl', {}, { clock: new FeedClock(), s3: { endpoint } })).toThrow(
      /s3\.allowInsecure/,
    );
    await openS3({}, load);
    const sent = steps.at(-1)?.(async () => 'sent');
    await expect(sent?.({ request: { protocol: 'http:', hostname: 'p.test' } })).rejects.toThrow(
      /http:\/\/p.test/,
    );
    await expect(sent?.({ request: { protocol: 'https:', hostname: 'p.test' } })).resolves.toBe('sent');
  });

  it('takes one where that is allowed', async () => {
    const { load, steps, clients } = bucket();
    await openS3({ endpoint: 'http://127.0.0.1:9000', allowInsecure: true }, load);
    expect(clients).toHaveLength(1);
    const sent = steps[0]?.(async () => 'sent');
    await expect(sent?.({ request: { protocol: 'http:', hostname: '127.0.0.1' } })).resolves.toBe('sent');
  });

  it('names the packages where they are missing, and the key that is', async () => {
    const missing = Object.assign(new Error('no'), { code: 'ERR_MODULE_NOT_FOUND' });
    await expect(openS3({}, () => Promise.reject(missing))).rejects.toThrow(
      's3:// needs two packages that are not installed: npm install @aws-sdk/client-s3 @aws-sdk/lib-storage',
    );
    await expect(openS3({ accessKeyId: 'id' })).rejects.toThrow(/needs accessKeyId and secretAccessKey/);
  });
});

describe('S3Storage', () => {
  async function store(connect: () => Promise<S3Objects>): Promise<S3Storage> {
    const storage = new S3Storage('s3://shop/out/a.jsonl', connect);
    await storage.open();
    await storage.write(Buffer.from('one\n'));
    await storage.write(Buffer.from('two\n'));
    return storage;
  }

  it('uploads all at the close, and leaves nothing behind', async () => {
    const before = leftovers();
    const { load, objects } = bucket();
    const storage = await store(() => openS3({}, load));
    expect(objects.size).toBe(0);
    await storage.close();
    expect([...objects]).toEqual([['shop/out/a.jsonl', 'one\ntwo\n']]);
    expect(leftovers()).toEqual(before);
  });

  it('tells whether an object is there, and where it cannot', async () => {
    const { load, objects } = bucket();
    const storage = new S3Storage('s3://shop/a', () => openS3({}, load));
    expect(await storage.exists()).toBe(false);
    objects.set('shop/a', 'x');
    expect(await storage.exists()).toBe(true);
    const denied = bucket(Object.assign(new Error('denied'), { $metadata: { httpStatusCode: 403 } }));
    await expect(new S3Storage('s3://shop/a', () => openS3({}, denied.load)).exists()).rejects.toThrow(
      's3://shop/a: what is there cannot be told: denied',
    );
  });

  it('has the storage refuse what came since the look, where nothing may be replaced', async () => {
    const taken = bucket(Object.assign(new Error('no'), { $metadata: { httpStatusCode: 412 } }));
    const storage = new S3Storage('s3://shop/a', () => openS3({}, taken.load), true);
    await storage.open();
    const fault = await storage.close().catch((error: Error) => error);
    const { message } = fault as Error;
    expect(message).toMatch(/^s3:\/\/shop\/a: it is there already; what was to be uploaded is in /);
    expect(taken.uploads[0]).toMatchObject({ params: { IfNoneMatch: '*' } });
    rmSync(dirname(message.replace(/.* is in /, '')), { recursive: true });
    const free = bucket();
    await (await store(() => openS3({}, free.load))).close();
    expect(free.uploads[0]?.params).not.toHaveProperty('IfNoneMatch');
  });

  it('uploads nothing where items are missing', async () => {
    const before = leftovers();
    const { load, objects } = bucket();
    await (await store(() => openS3({}, load))).discard();
    expect([objects.size, leftovers()]).toEqual([0, before]);
  });

  it('keeps the content of an upload that failed, and says where', async () => {
    const { load } = bucket(new Error('AccessDenied'));
    const storage = await store(() => openS3({}, load));
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
