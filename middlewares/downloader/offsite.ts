import { type DownloaderMiddleware, type Factory, named } from '../../src/api.ts';
import { OffsiteGuard } from '../offsite-guard.ts';

/**
 * Refuses every request that leads off the spider's `allowedDomains`, whoever made it. The list may change while
 * the crawl runs.
 */
export function offsite(): Factory<DownloaderMiddleware> {
  return named('offsite', (context) => {
    const guard = new OffsiteGuard(context);
    return { name: 'offsite', processRequest: (request) => guard.check(request) };
  });
}
