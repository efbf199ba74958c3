import { SettingsError } from '../errors/settings-error.ts';
import type { S3Options } from '../settings/s3-options.ts';

/** One object to store. */
export interface S3Object {
  readonly bucket: string;
  readonly key: string;
  /** Reads the content from its beginning. */
  readonly open: () => AsyncIterable<Uint8Array>;
}

/** Stores objects. */
export interface S3Uploader {
  upload(object: S3Object): Promise<void>;
  /** Lets go of its connections. */
  close(): void;
}

/** What is used of the package `@aws-sdk/client-s3`. */
interface ClientPackage {
  readonly S3Client: new (options: object) => { destroy(): void };
}

/** What is used of the package `@aws-sdk/lib-storage`. */
interface UploadPackage {
  readonly Upload: new (options: object) => { done(): Promise<unknown> };
}

const PACKAGES = ['@aws-sdk/client-s3', '@aws-sdk/lib-storage'] as const;
const CONNECTIONS = 4;

/**
 * An uploader by Amazon's own packages, which are loaded only here. Large objects go in parts.
 *
 * @throws SettingsError where they are not installed, or only one of the two keys is given.
 */
export async function awsUploader(
  options: S3Options,
  load: (name: string) => Promise<unknown> = (name) => import(name),
): Promise<S3Uploader> {
  const { endpoint, region, acl, maxConnections = CONNECTIONS } = options;
  const credentials = credentialsOf(options);
  const [{ S3Client }, { Upload }] = (await loadAll(load)) as [ClientPackage, UploadPackage];
  const { Readable } = await import('node:stream');
  const client = new S3Client({
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint, forcePathStyle: options.forcePathStyle ?? true }),
    ...(options.forcePathStyle !== undefined && { forcePathStyle: options.forcePathStyle }),
    ...(credentials !== undefined && { credentials }),
  });
  return {
    async upload({ bucket, key, open }) {
      const params = {
        Bucket: bucket,
        Key: key,
        Body: Readable.from(open(), { objectMode: false }),
        ...(acl !== undefined && { ACL: acl }),
      };
      await new Upload({ client, params, queueSize: maxConnections }).done();
    },
    close: () => client.destroy(),
  };
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
    throw new SettingsError(`an output at s3:// ${problem}: npm install ${PACKAGES.join(' ')}`, { cause });
  }
}
