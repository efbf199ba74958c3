import type { Logger } from '../contracts/logger.ts';
import type { Signals } from '../contracts/signal.ts';
import { FailedPages } from '../job/failed-pages.ts';
import { requestFingerprint } from '../settings/request-fingerprint.ts';
import type { Settings } from '../settings/settings.ts';

/** What is listened to. */
interface KeepingParts {
  readonly settings: Settings;
  readonly signals: Signals;
  readonly logger: Logger;
}

/** Keeps the answers of the requests that a crawl gives up in the folder of its job. */
export function keepFailedPages(folder: string, { settings, signals, logger }: KeepingParts): FailedPages {
  const pages = new FailedPages({ folder, logger: logger.child('job') });
  const fingerprintOf = requestFingerprint(settings);
  // A request with an errback is not given up: that decides what becomes of it.
  signals.on('requestFailed', ({ request, response }) => {
    if (response !== undefined && request.errback === undefined) pages.keep(fingerprintOf(request), response);
  });
  return pages;
}
