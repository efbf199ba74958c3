import { createHash } from 'node:crypto';
import type { ItemRecord, Request, Response } from '../../src/api.ts';
import { EXTENSIONS_BY_TYPE, extensionOfType, extensionOfUrl } from './file-extension.ts';
import type { MediaPath } from './media-options.ts';
import { safePath } from './safe-path.ts';

const MOST_CLAIMS = 100_000;
const EXTENSION = /(\.[A-Za-z0-9]{1,8})?$/;

/** The SHA-1 of an address in hex: Scrapy's name for a file. */
export function sha1Of(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}

/** Names the files of one crawl: safe, and each request's own. */
export class MediaPaths {
  readonly #filePath: MediaPath | undefined;
  readonly #extension: string | undefined;
  /** Who has a path: the hash of a request. */
  readonly #claims = new Map<string, string>();

  /** `extension`: of every file, whatever its address and type say. */
  constructor(filePath: MediaPath | undefined, extension?: string) {
    this.#filePath = filePath;
    this.#extension = extension;
  }

  /** Where the file of a request may be from before. */
  candidates(request: Request, key: string, item: ItemRecord): readonly string[] {
    if (this.#filePath !== undefined) {
      return [this.#own(safePath(this.#filePath(request, undefined, { item })), key)];
    }
    const extension = this.#extension ?? extensionOfUrl(request.url);
    const extensions = extension === undefined ? EXTENSIONS_BY_TYPE : [extension];
    return extensions.map((one) => this.#own(this.#hashed(request, one), key));
  }

  /** Where the file of an answer goes. */
  of(request: Request, response: Response, key: string, item: ItemRecord): string {
    const type = response.headers.get('content-type');
    const path =
      this.#filePath?.(request, response, { item }) ??
      this.#hashed(request, this.#extension ?? extensionOfUrl(request.url) ?? extensionOfType(type));
    const own = this.#own(safePath(path), key);
    if (this.#claims.size >= MOST_CLAIMS) this.#claims.clear();
    this.#claims.set(own, key);
    return own;
  }

  #hashed({ url }: Request, extension: string): string {
    return `full/${sha1Of(url)}${extension}`;
  }

  /** The path, or one beside it where another request of this crawl has it. */
  #own(path: string, key: string): string {
    const owner = this.#claims.get(path);
    if (owner === undefined || owner === key) return path;
    return safePath(path.replace(EXTENSION, (extension) => `-${sha1Of(key).slice(0, 8)}${extension}`));
  }
}
