import { isCrawlError } from './crawl-error.ts';

/** How a download says that nobody was there, or nobody in time. */
export type HostFault = 'time-out' | 'connection';

/**
 * What of an error is the host's; undefined: nothing. A name that does not exist, a proxy or a limit of ours say
 * nothing about the host.
 */
export function hostFault(error: unknown): HostFault | undefined {
  switch (isCrawlError(error) ? error.code : undefined) {
    case 'ERR_CRAWL_DOWNLOAD_TIMEOUT':
      return 'time-out';
    case 'ERR_CRAWL_CONNECTION_REFUSED':
    case 'ERR_CRAWL_CONNECTION_LOST':
      return 'connection';
    default:
      return undefined;
  }
}
