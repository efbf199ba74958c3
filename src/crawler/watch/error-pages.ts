import { createHash } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../../contracts/logger.ts';
import { errorMessage } from '../../errors/crawl-error.ts';
import { makeFolder } from '../../values/make-folder.ts';
import type { Response } from '../../values/response.ts';
import type { OpenGroup } from './error-groups.ts';

const EXTENSIONS: Readonly<Record<Response['kind'], string>> = {
  html: 'html',
  xml: 'xml',
  json: 'json',
  text: 'txt',
  binary: 'bin',
};
/** Larger pages are not saved: with 100 groups they would fill a disk. */
const MOST_BYTES = 8 * 1024 * 1024;

/**
 * Saves the first page of each group of errors as its body came, so that `crawl shell FILE` opens it. A group has the
 * same file in each run, which replaces it.
 */
export class ErrorPages {
  readonly #folder: string;
  readonly #logger: Logger;
  #writing: Promise<void> = Promise.resolve();
  #hasFailed = false;

  constructor(folder: string, logger: Logger) {
    this.#folder = folder;
    this.#logger = logger;
  }

  /** Saves a page, and notes the file with its group once it is there; a disk that refuses is told of once and stops nothing. */
  keep(group: OpenGroup, response: Response, key: string): void {
    if (response.body.byteLength > MOST_BYTES) return;
    this.#writing = this.#writing
      .then(() => this.#write(group, response, key))
      .catch((error) => this.#tell(error));
  }

  /** Resolves when everything is written. */
  settled(): Promise<void> {
    return this.#writing;
  }

  async #write(group: OpenGroup, response: Response, key: string): Promise<void> {
    makeFolder(this.#folder, 0o700);
    const path = join(this.#folder, fileNameOf(group, response, key));
    await writeFile(`${path}.new`, response.body, { mode: 0o600 });
    await rename(`${path}.new`, path);
    group.page = path;
  }

  #tell(error: unknown): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#logger.warn(`the pages of errors are not all saved: ${errorMessage(error)}`);
  }
}

/** `TypeError-parse-1f3a9c20.html`. */
function fileNameOf({ error, callback, status }: OpenGroup, response: Response, key: string): string {
  const words = [error, ...(status === undefined ? [] : [status]), callback].join('-');
  const plain = words.replaceAll(/[^\w-]/g, '_').slice(0, 80);
  const hash = createHash('sha256').update(key).digest('hex').slice(0, 8);
  return `${plain}-${hash}.${EXTENSIONS[response.kind]}`;
}
