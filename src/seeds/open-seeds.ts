import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { errorMessage } from '../errors/crawl-error.ts';
import { SeedFileError } from '../errors/seed-file-error.ts';
import { FileBytes } from './file-bytes.ts';
import { SeedReader, type SeedReaderOptions } from './seed-reader.ts';
import { SpooledBytes, type SpoolOptions } from './spooled-bytes.ts';
import { StreamBytes } from './stream-bytes.ts';

/** How seeds are opened. */
export interface OpenSeedsOptions extends Omit<SeedReaderOptions, 'bytes'> {
  /** A file, or `-`: standard input. */
  readonly source: string;
  /** Standard input. */
  readonly input: () => Readable;
  /** The job that they are read for. */
  readonly job?: { readonly folder: string; syncWith(sync: () => Promise<void>): void } | undefined;
}

/** File in the folder of a job that keeps what was read out of a stream. */
export const SEED_SPOOL = 'seeds.spool';

/**
 * Opens the seeds of a crawl. A stream (standard input, a named pipe) is kept in the folder of a job as it is read,
 * because it cannot be read twice.
 *
 * @throws SeedFileError when there is no such file.
 */
export async function openSeeds({ source, input, job, ...options }: OpenSeedsOptions): Promise<SeedReader> {
  const isInput = source === '-';
  const path = resolve(source);
  if (!isInput && !(await isStream(path))) return new SeedReader({ ...options, bytes: new FileBytes(path) });
  const name = isInput ? 'standard input' : path;
  const stream = isInput ? input() : createReadStream(path);
  if (job === undefined) return new SeedReader({ ...options, bytes: new StreamBytes(name, stream) });
  const bytes = await spooled({ name, path: join(job.folder, SEED_SPOOL), stream, state: options.state });
  job.syncWith(() => bytes.sync());
  return new SeedReader({ ...options, bytes });
}

async function spooled(options: SpoolOptions): Promise<SpooledBytes> {
  const { name, path } = options;
  try {
    return await SpooledBytes.open(options);
  } catch (error) {
    if (error instanceof SeedFileError) throw error;
    throw new SeedFileError(name, `cannot be kept in ${path} (${errorMessage(error)})`, { cause: error });
  }
}

/** Whether a path is read as a stream. @throws SeedFileError when it cannot be read at all. */
async function isStream(path: string): Promise<boolean> {
  try {
    const found = await stat(path);
    if (!found.isDirectory()) return !found.isFile();
  } catch (error) {
    throw new SeedFileError(path, `cannot be read (${errorMessage(error)})`, { cause: error });
  }
  throw new SeedFileError(path, 'is a folder: name a file of URLs, one a line');
}
