import { drop, type Factory, named, type SchedulerMiddleware } from '../../src/api.ts';

/**
 * Keeps `file:` URLs out that come of a page of the web: a link must never read the crawler's own disk, even where
 * `settings.allowFileUrls` lets start requests do so. Local pages may link to local pages.
 */
export function noFileLinks(): Factory<SchedulerMiddleware> {
  return named('no-file-links', ({ stats, logger }) => ({
    name: 'no-file-links',
    processEnqueue({ url }, origin) {
      if (!url.startsWith('file:') || origin === undefined || origin.request.url.startsWith('file:')) {
        return undefined;
      }
      stats.inc('file-links/filtered');
      logger.warn('a page of the web leads to a file: it is not read', { url, page: origin.request.url });
      return drop('file-link');
    },
  }));
}
