import { createHash } from 'node:crypto';
import { errorMessage, fingerprint, type ItemRecord, type Request, type Response } from '../../src/api.ts';
import { EXTENSIONS_BY_TYPE, extensionOfType, extensionOfUrl } from './file-extension.ts';
import { MediaError } from './media-error.ts';
import type { MediaOptions } from './media-options.ts';
import { safePath } from './safe-path.ts';

/** Object stores take no longer keys, and some file systems no longer paths. */
const MAX_PATH_BYTES = 1024;
const MARK_CHARACTERS = 12;
const EXTENSION = /(\.[A-Za-z0-9]{1,8})?$/;

/** Names files: safe, and each request's own, in this crawl and in those to come. */
export class MediaPaths {
  readonly #filePath: MediaOptions['filePath'];
  readonly #isMarked: boolean;
  readonly #extension: string | undefined;

  /** `extension`: of every file, whatever its address and type say. */
  constructor({ filePath, uniquePaths = true }: Partial<MediaOptions>, extension?: string) {
    this.#filePath = filePath;
    this.#isMarked = uniquePaths;
    this.#extension = extension;
  }

  /** Where the file of a request may be from before. @throws MediaError when there is no such path. */
  candidates(request: Request, item: ItemRecord): readonly string[] {
    const filePath = this.#filePath;
    if (filePath !== undefined) {
      return [this.custom(request, 'filePath', () => filePath(request, undefined, { item }))];
    }
    const extension = this.#extension ?? extensionOfUrl(request.url);
    const extensions = extension === undefined ? EXTENSIONS_BY_TYPE : [extension];
    const stem = `full/${hashOf(request)}`;
    return extensions.map((one) => stem + one);
  }

  /** Where the file of an answer goes. @throws MediaError when there is no such path. */
  of(request: Request, response: Response, item: ItemRecord): string {
    const filePath = this.#filePath;
    if (filePath !== undefined) {
      return this.custom(request, 'filePath', () => filePath(request, response, { item }));
    }
    const type = response.headers.get('content-type');
    const extension = this.#extension ?? extensionOfUrl(request.url) ?? extensionOfType(type);
    return `full/${hashOf(request)}${extension}`;
  }

  /**
   * A path that an option gives, with the mark of its request and of what it is of it.
   *
   * @throws MediaError when there is no such path.
   */
  custom(request: Request, option: string, path: () => string, role = ''): string {
    const safe = safePath(given(option, path));
    const own = this.#isMarked
      ? safePath(safe.replace(EXTENSION, (end) => `-${markOf(request, role)}${end}`))
      : safe;
    if (Buffer.byteLength(own) > MAX_PATH_BYTES) {
      throw new MediaError('bad path', `${option} gave a path of more than ${MAX_PATH_BYTES} bytes`);
    }
    return own;
  }
}

/** The name of a request's files: for a plain address its SHA-1 in hex, as Scrapy has it. */
export function hashOf(request: Request): string {
  const { method, url, body } = request;
  return sha1Of(method === 'GET' && body === undefined ? url : fingerprint(request));
}

/** Tells requests apart that are given one path; in one case only, as not all file systems mind it. */
function markOf(request: Request, role: string): string {
  return sha1Of(`${fingerprint(request)}${role}`).slice(0, MARK_CHARACTERS);
}

function sha1Of(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}

function given(option: string, path: () => unknown): string {
  let value: unknown;
  try {
    value = path();
  } catch (error) {
    throw new MediaError('bad path', `${option} failed: ${errorMessage(error)}`, { cause: error });
  }
  if (typeof value === 'string') return value;
  throw new MediaError(
    'bad path',
    `${option} gave ${value === null ? 'null' : `a value of type ${typeof value}`}, not a string`,
  );
}
