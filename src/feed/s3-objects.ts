import { SettingsError } from '../errors/settings-error.ts';
import type { S3Options } from '../settings/s3-options.ts';
import { plainEndpoint } from './plain-endpoint.ts';

/** One object to store. */
export interface S3Object {
  readonly bucket: string;
  readonly key: string;
  /** Reads the content from its beginning. */
  readonly open: () => AsyncIterable<Uint8Array>;
  /** Whether it must not replace another: the upload then fails with {@link isTaken}. @defaultValue `false` */
  readonly onlyNew?: boolean | undefined;
  /** What it is served as. */
  readonly contentType?: string | undefined;
  /** Notes that are kept with it, in ASCII. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** What a storage says of an object. */
export interface S3Facts {
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly storedAtMs: number;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The objects of an S3-compatible storage. */
export interface S3Objects {
  /** Stores an object, large ones in parts. */
  upload(object: S3Object): Promise<void>;
  /** Undefined: there is no such object. */
  stat(bucket: string, key: string): Promise<S3Facts | undefined>;
  /** The bytes of an object. */
  read(bucket: string, key: string): AsyncIterable<Uint8Array>;
  /** Lets go of its connections. */
  close(): void;
}

/** A step of Amazon's client. */
type Middleware = (next: Step) => Step;
type Step = (step: { readonly request?: unknown }) => Promise<unknown>;

/** What is used of the package `@aws-sdk/client-s3`. */
interface ClientPackage {
  readonly S3Client: new (
    options: object,
  ) => {
    send(command: object): Promise<unknown>;
    destroy(): void;
    readonly middlewareStack: { add(middleware: Middleware, options: object): void };
  };
  readonly HeadObjectCommand: new (input: object) => object;
  readonly GetObjectCommand: new (input: object) => object;
}

/** What is used of the answer to a HEAD. */
interface HeadOutput {
  readonly ContentLength?: number;
  readonly LastModified?: Date;
  readonly Metadata?: Readonly<Record<string, string>>;
}

/** What is used of the package `@aws-sdk/lib-storage`. */
interface UploadPackage {
  readonly Upload: new (options: object) => { done(): Promise<unknown> };
}

const S3_URI = /^s3:\/\/([^/@?#]+)(?:\/(.*))?$/is;

/** Bucket and key of `s3://bucket/key`; undefined where a text is no such address. */
export function s3Place(uri: string): { readonly bucket: string; readonly key: string } | undefined {
  const [, bucket, key = ''] = S3_URI.exec(uri) ?? [];
  return bucket === undefined ? undefined : { bucket, key };
}

const PACKAGES = ['@aws-sdk/client-s3', '@aws-sdk/lib-storage'] as const;
const CONNECTIONS = 4;

/**
 * The objects of a storage by Amazon's own packages, which are loaded only here.
 *
 * @throws SettingsError where they are not installed, only one of the two keys is given, or the endpoint is reached
 * without TLS and `allowInsecure` is not set.
 */
export async function openS3(
  options: S3Options,
  load: (name: string) => Promise<unknown> = (name) => import(name),
): Promise<S3Objects> {
  const { endpoint, region, acl, maxConnections = CONNECTIONS } = options;
  refusePlain(options, plainEndpoint(options));
  const credentials = credentialsOf(options);
  const [{ S3Client, HeadObjectCommand, GetObjectCommand }, { Upload }] = (await loadAll(load)) as [
    ClientPackage,
    UploadPackage,
  ];
  const { Readable } = await import('node:stream');
  const client = new S3Client({
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint, forcePathStyle: options.forcePathStyle ?? true }),
    ...(options.forcePathStyle !== undefined && { forcePathStyle: options.forcePathStyle }),
    ...(credentials !== undefined && { credentials }),
  });
  // A profile may name the endpoint, too: only the request that is to be signed tells for sure.
  client.middlewareStack.add(
    (next) => async (step) => {
      const { protocol, hostname } = step.request as { protocol?: string; hostname?: string };
      if (protocol === 'http:') refusePlain(options, `http://${hostname}`);
      return await next(step);
    },
    { step: 'build', name: 'orbweaver-only-tls' },
  );
  return {
    async upload({ bucket, key, open, onlyNew = false, contentType, metadata }) {
      const params = {
        Bucket: bucket,
        Key: key,
        Body: Readable.from(open(), { objectMode: false }),
        ...(acl !== undefined && { ACL: acl }),
        ...(onlyNew && { IfNoneMatch: '*' }),
        ...(contentType !== undefined && { ContentType: contentType }),
        ...(metadata !== undefined && { Metadata: metadata }),
      };
      await new Upload({ client, params, queueSize: maxConnections }).done();
    },
    async stat(bucket, key) {
      try {
        const command = new HeadObjectCommand({ Bucket: bucket, Key: key });
        const { ContentLength, LastModified, Metadata } = (await client.send(command)) as HeadOutput;
        return {
          bytes: ContentLength ?? 0,
          storedAtMs: LastModified?.getTime() ?? 0,
          metadata: Metadata ?? {},
        };
      } catch (error) {
        if (statusOf(error) === 404) return undefined;
        throw error;
      }
    },
    async *read(bucket, key) {
      const command = new GetObjectCommand({ Bucket: bucket, Key: key });
      const { Body } = (await client.send(command)) as { readonly Body: AsyncIterable<Uint8Array> };
      yield* Body;
    },
    close: () => client.destroy(),
  };
}

/** Whether an upload that must not replace failed because another object is there, or came at the same time. */
export function isTaken(error: unknown): boolean {
  return [409, 412].includes(statusOf(error) ?? 0);
}

function statusOf(error: unknown): number | undefined {
  const { $metadata } = error as { readonly $metadata?: { readonly httpStatusCode?: number } };
  return $metadata?.httpStatusCode;
}

/**
 * Keys of an account, and what is stored with them, are readable by all between here and there without TLS.
 *
 * @throws SettingsError where there is a plain endpoint that was not allowed.
 */
export function refusePlain({ allowInsecure = false }: S3Options, endpoint: string | undefined): void {
  if (endpoint === undefined || allowInsecure) return;
  throw new SettingsError(
    `the S3 endpoint ${withoutLogin(endpoint)} has no TLS: keys and content would travel readable; use https, or set s3.allowInsecure to true`,
  );
}

function withoutLogin(address: string): string {
  return address.replace(/\/\/[^/@]*@/, '//');
}

function credentialsOf({ accessKeyId, secretAccessKey, sessionToken }: S3Options): object | undefined {
  if (accessKeyId === undefined && secretAccessKey === undefined) return undefined;
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new SettingsError('settings.s3 needs accessKeyId and secretAccessKey, or neither of them');
  }
  return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
}

async function loadAll(load: (name: string) => Promise<unknown>): Promise<unknown[]> {
  try {
    return await Promise.all(PACKAGES.map((name) => load(name)));
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    const problem =
      code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND'
        ? 'needs two packages that are not installed'
        : 'needs two packages that do not load';
    throw new SettingsError(`s3:// ${problem}: npm install ${PACKAGES.join(' ')}`, { cause });
  }
}
