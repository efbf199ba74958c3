import { errorMessage } from '../errors/crawl-error.ts';
import { SettingsError } from '../errors/settings-error.ts';
import type { FeedOptions } from '../settings/feed-options.ts';
import type { FeedVariables } from './feed-uri.ts';

/** One file of an output. */
export interface FeedBatch {
  /** From 1 on. */
  readonly id: number;
  /** When it was begun, in milliseconds since 1970. */
  readonly timeMs: number;
}

/** What the values of a URI are made from. */
export interface FeedParamsSource {
  readonly uri: string;
  readonly uriParams: FeedOptions['uriParams'];
  /** Spider's name, arguments and attributes. */
  readonly variables: FeedVariables | undefined;
  readonly spider: object | undefined;
  /** When the crawl or its job began. */
  readonly startedAtMs: number;
  readonly batch: FeedBatch;
}

/**
 * The values that a URI may name: those of the spider, `time`, `batch_id` and `batch_time`, which nothing
 * overrides but `uriParams`.
 *
 * @throws SettingsError where `uriParams` fails, or gives something that is no text and no number.
 */
export function feedParams(source: FeedParamsSource): FeedVariables {
  const { uri, uriParams, variables, spider = {}, startedAtMs, batch } = source;
  const params = {
    ...variables,
    time: fileTime(startedAtMs).slice(0, 19),
    batch_time: fileTime(batch.timeMs),
    batch_id: batch.id,
  };
  if (uriParams === undefined) return params;
  let own: unknown;
  try {
    own = uriParams(params, spider);
  } catch (cause) {
    throw new SettingsError(`feed ${uri}: its uriParams failed: ${errorMessage(cause)}`, { cause });
  }
  if (typeof own !== 'object' || own === null || own instanceof Promise) {
    throw new SettingsError(`feed ${uri}: its uriParams must give an object of texts and numbers`);
  }
  for (const [name, value] of Object.entries(own)) {
    if (typeof value === 'string' || typeof value === 'number') continue;
    throw new SettingsError(
      `feed ${uri}: its uriParams gave ${name} as ${typeof value}, not as text or number`,
    );
  }
  return { ...params, ...own };
}

/** ISO 8601 without the colons that some file systems refuse, in UTC, to the millisecond. */
function fileTime(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 23).replaceAll(':', '-');
}
