import {
  type BodySink,
  type ComponentContext,
  HeaderMap,
  type ItemRecord,
  type Request,
  type Response,
} from '../../src/api.ts';
import type { FileStore } from './file-store.ts';
import { MediaError } from './media-error.ts';
import type { MediaOptions, StoredMedia } from './media-options.ts';
import type { MediaPaths } from './media-paths.ts';
import { checksumOf } from './stored-body.ts';

/** Takes the answer to one request and makes stored files of it. */
export interface MediaIntake {
  /** Takes the body while it comes; undefined: the response has it. */
  readonly bodySink: BodySink | undefined;
  /** Stores what came; the checksum. @throws MediaError when it is no file to be kept. */
  keep(response: Response, path: string): Promise<string>;
  /** Removes what was not kept. */
  discard(): Promise<void>;
}

/** What downloads of media work with. */
export interface MediaDownloadParts {
  readonly options: MediaOptions;
  readonly context: ComponentContext;
  readonly store: FileStore;
  readonly paths: MediaPaths;
  readonly intake: (request: Request) => MediaIntake;
  /** Where the options say none. */
  readonly maxBytes: number;
}

interface Found {
  readonly path: string;
  readonly storedAtMs: number;
  readonly checksum: string | undefined;
}

const EXPIRES_MS = 90 * 24 * 60 * 60 * 1000;
const TIMEOUT_MS = 30 * 60 * 1000;
const CONDITIONS = ['if-none-match', 'if-modified-since', 'if-match', 'if-unmodified-since', 'range'];

/** Gets one file: from the store where it is new enough, else from its server, if that has a newer one. */
export class MediaDownload {
  readonly #parts: MediaDownloadParts;

  constructor(parts: MediaDownloadParts) {
    this.#parts = parts;
  }

  /** @throws MediaError, or what the download or the store failed with. */
  async run(request: Request, item: ItemRecord): Promise<StoredMedia> {
    const { options, context, store, paths } = this.#parts;
    const found = await this.#find(paths.candidates(request, item));
    const { expiresMs = EXPIRES_MS } = options;
    if (found !== undefined && context.clock.now() - found.storedAtMs < expiresMs) {
      return this.#unchanged(request, found);
    }
    const intake = this.#parts.intake(request);
    try {
      const response = await this.#fetch(request, found, intake.bodySink);
      if (response.status === 304 && found !== undefined) {
        await store.confirm?.(found.path);
        return await this.#unchanged(request, found);
      }
      if (response.status !== 200) {
        throw new MediaError(`status ${response.status}`, `answered with status ${response.status}`);
      }
      const path = paths.of(request, response, item);
      const checksum = await intake.keep(response, path);
      const status = response.flags.includes('cached') ? 'cached' : 'downloaded';
      return { url: request.url, path, checksum, status };
    } finally {
      await intake.discard();
    }
  }

  async #find(candidates: readonly string[]): Promise<Found | undefined> {
    for (const path of candidates) {
      const file = await this.#parts.store.stat(path);
      // Of no bytes: a power cut left it so.
      if (file !== undefined && file.bytes > 0)
        return { path, storedAtMs: file.storedAtMs, checksum: file.checksum };
    }
    return undefined;
  }

  async #unchanged({ url }: Request, { path, checksum: known }: Found): Promise<StoredMedia> {
    const { store, options } = this.#parts;
    const checksum = await checksumOf(store, path, options.checksum ?? 'sha256', known);
    return { url, path, checksum, status: 'uptodate' };
  }

  #fetch(request: Request, found: Found | undefined, bodySink: BodySink | undefined): Promise<Response> {
    const { options, context, maxBytes } = this.#parts;
    const headers = new HeaderMap(request.headers);
    // RFC 9110 13.1.3: the time of receipt stands in for a Last-Modified.
    if (found !== undefined && !CONDITIONS.some((name) => headers.has(name))) {
      headers.set('If-Modified-Since', new Date(found.storedAtMs).toUTCString());
    }
    const meta = {
      dontRedirect: options.allowRedirects !== true,
      maxBodyBytes: options.maxBytes ?? maxBytes,
      downloadTimeoutMs: options.timeoutMs ?? TIMEOUT_MS,
      failOnDataLoss: true,
      ...request.meta,
    };
    return context.fetch(request.replace({ headers, meta }), undefined, bodySink && { bodySink });
  }
}
