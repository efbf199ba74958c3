import type { Drop, ItemOrigin, ItemRecord, Request, Response } from '../../src/api.ts';
import type { FileStore } from './file-store.ts';
import type { ChecksumAlgorithm } from './stored-body.ts';

/** How a file came to be there: downloaded now, there from before, or answered by the HTTP cache. */
export type MediaStatus = 'downloaded' | 'uptodate' | 'cached';

/** What an item says of a file that is stored. */
export interface StoredMedia {
  /** The address that was asked. */
  readonly url: string;
  /** Within the store, with `/` between its parts. */
  readonly path: string;
  /** SHA-256 of the stored bytes in hex, unless another is asked for. */
  readonly checksum: string;
  readonly status: MediaStatus;
}

/** A file that could not be had. */
export interface MediaFailure {
  readonly url: string;
  /** In stable words, as in the stats: `status 404`, `empty`, the name of an error. */
  readonly reason: string;
  readonly error: Error;
}

/** What became of one address of an item. */
export type MediaResult = StoredMedia | MediaFailure;

/** Names a file within the store. Made safe: it never leads out of the store. */
export type MediaPath = (
  request: Request,
  /** Undefined while a file is looked for that is there already: the path must not depend on it then. */
  response: Response | undefined,
  info: { readonly item: ItemRecord },
) => string;

/** Options that {@link files} and {@link images} share. */
export interface MediaOptions {
  /** A folder, made where there is none; `s3://bucket/prefix`, reached as `settings.s3` says; or a store of your own. */
  readonly store: string | FileStore;
  /** Field with the addresses: a list, or one. Items without it pass as they are. */
  readonly urlsField?: string;
  /** Field for what was stored, in the order of the addresses. */
  readonly resultField?: string;
  /** A file that was stored less long ago is not asked for, milliseconds; then only whether it changed. @defaultValue 90 days */
  readonly expiresMs?: number;
  /** Follow redirects; else they are failures. @defaultValue `false` */
  readonly allowRedirects?: boolean;
  /** Most files in work at once, of all items; others wait for their turn. @defaultValue `16` files, `8` images */
  readonly concurrency?: number;
  /** Most bytes of one file. */
  readonly maxBytes?: number;
  /** Limit for one whole file, milliseconds. @defaultValue `1800000` */
  readonly timeoutMs?: number;
  /** Hash of the stored bytes; `md5` as Scrapy has it. @defaultValue `'sha256'` */
  readonly checksum?: ChecksumAlgorithm;
  /** Names files. What throws, or gives no path, fails its own file. @defaultValue `full/`, the SHA-1 of the address, an extension */
  readonly filePath?: MediaPath;
  /** Paths of one's own get a short mark of their address, so that no two files have one; else the last one wins, as in Scrapy. @defaultValue `true` */
  readonly uniquePaths?: boolean;
  /** What to download for an item: Scrapy's get_media_requests. @defaultValue the addresses in `urlsField` */
  readonly requests?: (item: ItemRecord, origin: ItemOrigin) => Iterable<string | Request>;
  /** What becomes of an item with its results, in the order of the requests: Scrapy's item_completed. @defaultValue those that are stored go to `resultField` */
  readonly completed?: (item: ItemRecord, results: readonly MediaResult[]) => ItemRecord | Drop;
}
