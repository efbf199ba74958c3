import { readdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../contracts/logger.ts';
import { errorMessage } from '../errors/crawl-error.ts';
import type { Fingerprint } from '../values/fingerprint.ts';
import { makeFolder } from '../values/make-folder.ts';
import type { Response } from '../values/response.ts';

/** Folder of the kept answers within that of the job. */
export const FAILED_PAGES = 'failed';
/** More is not kept: a site that is down would fill the disk. */
const MOST_BYTES = 1024 ** 3;
/** Answers that wait for the disk at most; others are not kept. */
const MOST_WAITING = 16;

/** Where the answer of a request is kept within the folder of a job. */
export function failedPagePath(folder: string, fingerprint: Fingerprint): string {
  return join(folder, FAILED_PAGES, `${fingerprint}.http`);
}

/** What the pages are kept with. */
export interface FailedPagesOptions {
  /** Folder of the job. */
  readonly folder: string;
  readonly logger: Logger;
  /** Most bytes of all files. @defaultValue 1 GiB */
  readonly mostBytes?: number;
}

/**
 * Keeps the answers of requests that a job gives up, one file each: status line, headers and an empty line as HTTP/1.1
 * has them (RFC 9112, section 2.1), then the body as it was decoded. A file is replaced when its request fails again.
 */
export class FailedPages {
  readonly #options: FailedPagesOptions;
  #bytes: number | undefined;
  #waiting = 0;
  #writing: Promise<void> = Promise.resolve();
  #hasFailed = false;

  constructor(options: FailedPagesOptions) {
    this.#options = options;
  }

  /** Keeps an answer, unless there are too many; a disk that refuses is told of once and stops nothing. */
  keep(fingerprint: Fingerprint, response: Response): void {
    if (this.#waiting >= MOST_WAITING) return;
    this.#waiting += 1;
    this.#writing = this.#writing
      .then(() => this.#write(fingerprint, response))
      .catch((error: unknown) => this.#tell(error))
      .finally(() => {
        this.#waiting -= 1;
      });
  }

  /** Resolves when everything is written. */
  settled(): Promise<void> {
    return this.#writing;
  }

  async #write(fingerprint: Fingerprint, { status, headers, body }: Response): Promise<void> {
    const { folder, mostBytes = MOST_BYTES } = this.#options;
    const path = failedPagePath(folder, fingerprint);
    const head = headers.toPairs().map(([name, value]) => `${name}: ${value}\r\n`);
    const text = Buffer.from(`HTTP/1.1 ${status}\r\n${head.join('')}\r\n`, 'latin1');
    makeFolder(join(folder, FAILED_PAGES), 0o700);
    this.#bytes ??= await bytesIn(join(folder, FAILED_PAGES));
    const before = await bytesOf(path);
    const bytes = this.#bytes - before + text.length + body.length;
    if (bytes > mostBytes) return;
    this.#bytes = bytes;
    await writeFile(`${path}.new`, Buffer.concat([text, body]), { mode: 0o600 });
    await rename(`${path}.new`, path);
  }

  #tell(error: unknown): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#options.logger.warn(`the answers of failed requests are not all kept: ${errorMessage(error)}`);
  }
}

async function bytesIn(folder: string): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(folder)) bytes += await bytesOf(join(folder, name));
  return bytes;
}

/** Size of a file; 0: there is none. */
async function bytesOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  return found?.size ?? 0;
}
