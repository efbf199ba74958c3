import { type Factory, HttpError, named, type RequestMeta, type SpiderMiddleware } from '../../src/api.ts';

/** Options of {@link httpError}. */
export interface HttpErrorOptions {
  /** Statuses besides 2xx that go to callbacks. @defaultValue `settings.handleStatuses` */
  readonly statuses?: readonly number[];
  /** Every status goes to callbacks. @defaultValue `settings.handleAllStatuses` */
  readonly all?: boolean;
}

/**
 * Whether a status goes to the callback. What `meta` says of its own request wins over the crawl's rules, as in
 * Scrapy: a list there replaces theirs.
 */
export function isHandledStatus(
  status: number,
  { handleAllStatuses, handleStatuses }: RequestMeta,
  { statuses = [], all = false }: HttpErrorOptions = {},
): boolean {
  if ((status >= 200 && status < 300) || handleAllStatuses === true) return true;
  return handleStatuses === undefined ? all || statuses.includes(status) : handleStatuses.includes(status);
}

/** Lets only good answers through to callbacks; the errback gets an `HttpError` for the others. */
export function httpError(options: HttpErrorOptions = {}): Factory<SpiderMiddleware> {
  return named('http-error', ({ settings, stats }) => {
    const { statuses = settings.handleStatuses, all = settings.handleAllStatuses } = options;
    return {
      name: 'http-error',
      processInput(response) {
        const { status, url, meta } = response;
        if (isHandledStatus(status, meta, { statuses, all })) return;
        stats.inc('httperror/response_ignored_count');
        stats.inc(`httperror/response_ignored_status_count/${status}`);
        throw new HttpError(url, status);
      },
    };
  });
}
