import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Downloader } from '../contracts/downloader.ts';
import { NoSavedPageError } from '../errors/no-saved-page-error.ts';
import type { HeadersInit } from '../values/header-map.ts';
import type { Request } from '../values/request.ts';
import { Response } from '../values/response.ts';

/** An answer that a test brings: from a file, or as text or bytes. */
export interface SavedPage {
  /** File with the body: a path from the working folder, or a `file:` URL (`new URL('./page.html', import.meta.url)`). */
  readonly file?: string | URL;
  /** The body itself. @defaultValue empty, where there is no `file` */
  readonly body?: string | Uint8Array;
  /** @defaultValue `200` */
  readonly status?: number;
  /** @defaultValue none: what the page is shows by its URL and content */
  readonly headers?: HeadersInit;
  /** Encoding label that wins over what the page says of itself. */
  readonly encoding?: string;
}

/**
 * The pages of a test by URL, text standing for a page with that body; or a function that makes the answer to each
 * request, nothing meaning that there is none.
 */
export type SavedPages = Readonly<Record<string, string | SavedPage>> | PageFinder;

/** Gives the page that answers a request, or nothing. */
export type PageFinder = (
  request: Request,
) => string | SavedPage | undefined | Promise<string | SavedPage | undefined>;

/** Answers from saved pages only; nothing it does touches a network. */
export class SavedPageDownloader implements Downloader {
  readonly #find: PageFinder;

  constructor(pages: SavedPages) {
    this.#find = typeof pages === 'function' ? pages : finderOf(pages);
  }

  /** @throws NoSavedPageError where there is no page for it. */
  async download(request: Request): Promise<Response> {
    const page = await this.#find(request);
    if (page === undefined) throw new NoSavedPageError(request.url);
    return savedResponse(page, request);
  }

  async close(): Promise<void> {}
}

/** Finds pages by their URL, without its fragment. */
export function finderOf(pages: Readonly<Record<string, string | SavedPage>>): PageFinder {
  const byUrl = new Map(Object.entries(pages).map(([url, page]) => [plainUrl(url), page]));
  return ({ url }) => byUrl.get(plainUrl(url));
}

async function savedResponse(page: string | SavedPage, request: Request): Promise<Response> {
  const { file, body, status, headers, encoding } = typeof page === 'string' ? { body: page } : page;
  const content = file === undefined ? body : await readFile(pathOf(file));
  return new Response(request.url, {
    request,
    ...(content !== undefined && { body: content }),
    ...(status !== undefined && { status }),
    ...(headers !== undefined && { headers }),
    ...(encoding !== undefined && { encoding }),
  });
}

/** The path of a file or folder that a test names. */
export function pathOf(file: string | URL): string {
  return String(file).startsWith('file:') ? fileURLToPath(file) : resolve(String(file));
}

/** As requests write it; a fragment is not sent. */
function plainUrl(given: string): string {
  const url = URL.parse(given);
  if (url === null) return given;
  url.hash = '';
  return url.href;
}
