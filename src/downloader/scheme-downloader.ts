import type { Downloader, DownloadHandler } from '../contracts/downloader.ts';
import type { Unit } from '../contracts/unit.ts';
import { UnsupportedSchemeError } from '../errors/unsupported-scheme-error.ts';
import type { Request } from '../values/request.ts';
import type { Response } from '../values/response.ts';

/** A handler that keeps connections by host. */
export interface HostAwareHandler extends DownloadHandler {
  hostIdle?(host: string): void;
}

/** Picks the handler by the scheme of the URL; where several take a scheme, the first. */
export class SchemeDownloader implements Downloader {
  readonly #handlers: readonly HostAwareHandler[];
  readonly #byScheme = new Map<string, HostAwareHandler>();

  constructor(handlers: readonly HostAwareHandler[]) {
    this.#handlers = handlers;
    for (const handler of handlers) {
      for (const scheme of handler.schemes) {
        if (!this.#byScheme.has(scheme)) this.#byScheme.set(scheme, handler);
      }
    }
  }

  /** @throws UnsupportedSchemeError when no handler takes the scheme; else as the handler. */
  async download(request: Request, unit: Unit): Promise<Response> {
    const scheme = request.url.slice(0, request.url.indexOf(':'));
    const handler = this.#byScheme.get(scheme);
    if (handler === undefined) {
      throw new UnsupportedSchemeError(request.url, `no download handler takes ${scheme}: URLs`);
    }
    return handler.download(request, unit);
  }

  hostIdle(host: string): void {
    for (const handler of this.#handlers) handler.hostIdle?.(host);
  }

  /** Closes every handler, also when one fails to. @throws the first failure. */
  async close(): Promise<void> {
    const results = await Promise.allSettled(this.#handlers.map(async (handler) => handler.close?.()));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }
}
