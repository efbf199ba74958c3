import type { Clock } from '../contracts/clock.ts';
import type { Downloader, DownloadHandler, DownloadHandlerFactory } from '../contracts/downloader.ts';
import type { Logger } from '../contracts/logger.ts';
import type { Settings } from '../settings/settings.ts';
import { DataHandler } from './data-handler.ts';
import { FileHandler } from './file-handler.ts';
import { HttpHandler } from './http-handler.ts';
import { OwnHandler } from './own-handler.ts';
import { SchemeDownloader } from './scheme-downloader.ts';

/** What a downloader is made with. */
export interface DownloaderOptions {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Handlers that go before the built-in ones for their schemes. */
  readonly handlers?: readonly DownloadHandler[];
}

/** A downloader for http, https, data and, where the settings allow it, file URLs, and for the schemes of `settings.downloadHandlers`. */
export function createDownloader({ settings, clock, logger, handlers = [] }: DownloaderOptions): Downloader {
  // What they are is checked when the first request comes.
  const own = Object.entries(settings.downloadHandlers) as [string, DownloadHandlerFactory | null][];
  return new SchemeDownloader([
    ...handlers,
    ...own.map(([scheme, create]) => new OwnHandler(scheme, create, { settings, clock, logger })),
    new HttpHandler({ settings, clock, logger }),
    new DataHandler(),
    new FileHandler(settings.allowFileUrls),
  ]);
}
