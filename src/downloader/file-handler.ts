import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { DownloadHandler } from '../contracts/downloader.ts';
import type { Unit } from '../contracts/unit.ts';
import { BodyTooLargeError } from '../errors/body-too-large-error.ts';
import { UnsupportedSchemeError } from '../errors/unsupported-scheme-error.ts';
import type { Request } from '../values/request.ts';
import { Response } from '../values/response.ts';
import { codeOf } from './download-errors.ts';

/** A named pipe must not hold a thread until somebody writes to it. Windows has no such flag. */
const NO_WAITING = constants.O_NONBLOCK ?? 0;
/** Why a file cannot be read, as the status a web server would give. */
const STATUSES = new Map([
  ['ENOENT', 404],
  ['ENOTDIR', 404],
  ['EACCES', 403],
  ['EPERM', 403],
]);

/**
 * Answers `file:` URLs from the local disk, when the operator allows it. A file that is not there answers 404,
 * one that may not be read 403.
 */
export class FileHandler implements DownloadHandler {
  readonly schemes: readonly string[] = ['file'];
  readonly #isAllowed: boolean;

  constructor(isAllowed: boolean) {
    this.#isAllowed = isAllowed;
  }

  /**
   * @throws UnsupportedSchemeError when file URLs are off, or it names another host or no regular file.
   * @throws BodyTooLargeError when the file is above `unit.maxBodyBytes`.
   */
  async download(request: Request, unit: Unit): Promise<Response> {
    if (!this.#isAllowed) {
      throw new UnsupportedSchemeError(request.url, 'file URLs are off (see settings.allowFileUrls)');
    }
    const path = localPath(request.url);
    let file: FileHandle;
    try {
      file = await open(path, constants.O_RDONLY | NO_WAITING);
    } catch (error) {
      const status = STATUSES.get(codeOf(error));
      if (status === undefined) throw error;
      return new Response(request.url, { status, request });
    }
    try {
      const body = await readWhole(file, request.url, unit.maxBodyBytes);
      return new Response(request.url, { body, request });
    } finally {
      await file.close();
    }
  }
}

function localPath(address: string): string {
  const url = new URL(address);
  if (url.hostname !== '' && url.hostname !== 'localhost') {
    throw new UnsupportedSchemeError(address, `the file is said to be on ${url.hostname}`);
  }
  try {
    return fileURLToPath(`file://${url.pathname}`);
  } catch (cause) {
    throw new UnsupportedSchemeError(address, 'it names no path', { cause });
  }
}

/** Reads up to the size that the file has now: one that grows meanwhile does not pass the limit. */
async function readWhole(file: FileHandle, url: string, maxBytes: number): Promise<Buffer> {
  const stat = await file.stat();
  if (!stat.isFile()) throw new UnsupportedSchemeError(url, 'it is no regular file');
  if (stat.size > maxBytes) throw new BodyTooLargeError(url, maxBytes);
  const body = Buffer.alloc(stat.size);
  let length = 0;
  while (length < body.length) {
    const { bytesRead } = await file.read(body, length, body.length - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return body.subarray(0, length);
}
