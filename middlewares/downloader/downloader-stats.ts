import { type DownloaderMiddleware, errorName, type Factory, named } from '../../src/api.ts';

/** Counts what is sent and what comes back, nearest to the downloader: every attempt, redirects and retries too. */
export function downloaderStats(): Factory<DownloaderMiddleware> {
  return named('stats', ({ stats: counters }) => ({
    name: 'stats',
    processRequest({ method, body }) {
      counters.inc('downloader/request_count');
      counters.inc(`downloader/request_method_count/${method}`);
      if (body !== undefined) counters.inc('downloader/request_body_bytes', body.byteLength);
    },
    processResponse({ status, body, flags }) {
      if (flags.includes('cached')) return; // Nothing came from the network.
      counters.inc('downloader/response_count');
      counters.inc(`downloader/status/${status}`);
      counters.inc('downloader/response_bytes', body.byteLength);
      counters.max('downloader/response_bytes_max', body.byteLength);
    },
    processException(error) {
      counters.inc('downloader/exception_count');
      counters.inc(`downloader/exception/${errorName(error)}`);
    },
  }));
}
