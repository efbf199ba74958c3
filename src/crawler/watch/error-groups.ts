import type { Signals } from '../../contracts/signal.ts';
import { CallbackError } from '../../errors/callback-error.ts';
import { errorMessage, errorName } from '../../errors/crawl-error.ts';
import { DroppedError } from '../../errors/dropped-error.ts';
import type { SecretMask } from '../../logging/secret-mask.ts';
import type { Request } from '../../values/request.ts';
import type { Response } from '../../values/response.ts';
import { userPlaceOf } from '../user-place.ts';

/** Failures of one cause. */
export interface ErrorGroup {
  /** What failed: a request, a callback or `start()`, an item in a pipeline. */
  readonly kind: 'request' | 'spider' | 'item';
  /** Name of the error: `TypeError`, `HttpError`. */
  readonly error: string;
  /** The callback of the page; `start` for `start()`. */
  readonly callback: string;
  /** The line of the user's code that threw: `/shop/spiders/books.ts:12:5`. */
  readonly place?: string;
  /** Status of the answer, where that was the cause. */
  readonly status?: number;
  readonly count: number;
  /** What the first one said, at most 300 characters. */
  readonly message: string;
  /** Address of the first page. */
  readonly url?: string;
  /** File that the first page was saved to (`settings.errorPagesDir`). */
  readonly page?: string;
}

/** The groups of a crawl. */
export interface GroupedErrors {
  /** The largest first. */
  readonly groups: readonly ErrorGroup[];
  /** Failures of further groups, which are not kept apart. */
  readonly others: number;
}

/** A group that still grows. */
export type OpenGroup = { -readonly [Key in keyof ErrorGroup]: ErrorGroup[Key] };

/** One failure. */
interface ErrorFacts {
  readonly kind: ErrorGroup['kind'];
  readonly error: unknown;
  readonly request: Request | undefined;
  readonly response: Response | undefined;
}

/** A crawl with more causes has one: that it fails everywhere. */
const MOST_GROUPS = 100;
const LONGEST_MESSAGE = 300;
const LONGEST_URL = 500;

/**
 * Groups what fails by error, callback and the line or status it comes from, so that a thousand failures read as
 * the three faults they are. Keeps at most 100 groups, each with its first page.
 */
export class ErrorGroups {
  readonly #groups = new Map<string, OpenGroup>();
  readonly #onFirst: ((group: OpenGroup, response: Response, key: string) => void) | undefined;
  readonly #mask: SecretMask;
  #others = 0;

  /** @param onFirst - told of the page that begins a group. */
  constructor(mask: SecretMask, onFirst?: (group: OpenGroup, response: Response, key: string) => void) {
    this.#mask = mask;
    this.#onFirst = onFirst;
  }

  /** Takes what a crawl tells of failures. */
  listen(signals: Signals): void {
    signals.on('requestFailed', ({ error, request, response }) => {
      // What a rule dropped for good did not fail.
      if (error instanceof DroppedError && !error.isTemporary) return;
      this.#add({ kind: 'request', error, request, response });
    });
    signals.on('spiderError', ({ error, request, response }) => {
      this.#add({ kind: 'spider', error, request, response });
    });
    signals.on('itemError', ({ error, response }) => {
      this.#add({ kind: 'item', error, request: response?.request, response });
    });
  }

  /** What has come together so far. */
  get(): GroupedErrors {
    const groups = [...this.#groups.values()].sort((a, b) => b.count - a.count);
    return { groups: groups.map((group) => ({ ...group })), others: this.#others };
  }

  #add({ kind, error, request, response }: ErrorFacts): void {
    const cause = causeOf(error);
    const callback = callbackOf(error, request);
    const status = statusOf(cause);
    const hasPlace = status === undefined && cause instanceof Error;
    const place = hasPlace ? userPlaceOf(cause.stack ?? '') : undefined;
    const key = [kind, errorName(cause), callback, place ?? status ?? ''].join('\n');
    const known = this.#groups.get(key);
    if (known !== undefined) known.count += 1;
    else if (this.#groups.size >= MOST_GROUPS) this.#others += 1;
    else {
      const url = response?.url ?? request?.url;
      const group: OpenGroup = {
        kind,
        error: errorName(cause),
        callback,
        ...(place !== undefined && { place }),
        ...(status !== undefined && { status }),
        count: 1,
        message: this.#mask.mask(errorMessage(cause)).slice(0, LONGEST_MESSAGE),
        ...(url !== undefined && { url: this.#mask.mask(url).slice(0, LONGEST_URL) }),
      };
      this.#groups.set(key, group);
      if (response !== undefined) this.#onFirst?.(group, response, key);
    }
  }
}

/** What failed at bottom. A status of robots.txt would read as that of the page. */
function causeOf(error: unknown): unknown {
  if (error instanceof CallbackError) return error.cause ?? error;
  const hasCause = error instanceof DroppedError && error.cause !== undefined;
  return hasCause && statusOf(error.cause) === undefined ? error.cause : error;
}

/** The status that an error is about. */
function statusOf(error: unknown): number | undefined {
  const isOne = typeof error === 'object' && error !== null && 'status' in error;
  return isOne && typeof error.status === 'number' ? error.status : undefined;
}

function callbackOf(error: unknown, request: Request | undefined): string {
  if (error instanceof CallbackError) return error.callback;
  if (request === undefined) return 'start';
  const { callback } = request;
  return typeof callback === 'string' ? callback : callback?.name || 'parse';
}
