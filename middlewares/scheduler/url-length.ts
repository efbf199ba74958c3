import { drop, type Factory, named, type SchedulerMiddleware } from '../../src/api.ts';

/** Options of {@link urlLength}. */
export interface UrlLengthOptions {
  /** Longest URL that is queued, in characters; 0: no limit. @defaultValue `settings.maxUrlLength` */
  readonly max?: number;
}

/** Keeps URLs out of the queue that are longer than any honest one. */
export function urlLength(options: UrlLengthOptions = {}): Factory<SchedulerMiddleware> {
  return named('url-length', ({ settings, logger }) => {
    const { max = settings.maxUrlLength } = options;
    if (max === 0) return undefined;
    return {
      name: 'url-length',
      processEnqueue({ url }) {
        if (url.length <= max) return undefined;
        if (logger.isEnabled('debug'))
          logger.debug(`URL of ${url.length} characters`, { url: url.slice(0, 200) });
        return drop('url-length');
      },
    };
  });
}
