import { createHash } from 'node:crypto';
import {
  drop,
  type Factory,
  forgetOldest,
  type ItemOrigin,
  type ItemPipeline,
  type ItemRecord,
  named,
} from '../src/api.ts';

/** Options of {@link dedupe}. */
export interface DedupeOptions {
  /** Field or fields that tell one item from another. @defaultValue every field of the item */
  readonly by?: string | readonly string[];
  /** Most items remembered; the ones not seen for longest are forgotten. @defaultValue `1000000` */
  readonly maxRemembered?: number;
}

/** One try at a page that gave items first. */
interface Attempt {
  /** The page, while it may still be taken back; undefined: what it gave was committed. */
  page: string | undefined;
  readonly retries: number;
}

/**
 * Lets each item through once in a run. A page that is tried again (`retryLater()`, `onCallbackError: 'retry'`) gives
 * its items again: what the earlier try gave is no duplicate then, as it was thrown away. An item that another page
 * gave first is one, even where that page came to nothing in the end.
 */
export function dedupe({ by, maxRemembered = 1_000_000 }: DedupeOptions = {}): Factory<ItemPipeline> {
  return named('dedupe', ({ settings, logger }) => {
    const fields = typeof by === 'string' ? [by] : by;
    const isJob = settings.jobDir !== undefined;
    const firstGiven = new Map<string, Attempt>();
    const underWay = new Map<string, Attempt>();

    const attemptOf = ({ fingerprint: page, retries }: ItemOrigin): Attempt => {
      const known = underWay.get(page);
      if (known !== undefined && known.retries >= retries) return known;
      const attempt: Attempt = { page, retries };
      remember(underWay, page, attempt, maxRemembered);
      return attempt;
    };

    return {
      name: 'dedupe',
      keepsItems: false,
      open() {
        if (!isJob) return;
        logger.warn(
          'the items of earlier runs of the job are not remembered: one that comes again after a stop is written again',
        );
      },
      processItem(item, origin) {
        const identity = identityOf(item, fields);
        const first = firstGiven.get(identity);
        const isDuplicate = first !== undefined && !isTakenBack(first, origin);
        remember(firstGiven, identity, isDuplicate ? first : attemptOf(origin), maxRemembered);
        return isDuplicate ? drop('duplicate') : item;
      },
      commit(batch) {
        for (const { fingerprint } of batch) {
          const attempt = underWay.get(fingerprint);
          underWay.delete(fingerprint);
          // In a job even this may be taken back: that of a page with thousands of items, which are handed on before its end.
          if (attempt !== undefined && !isJob) attempt.page = undefined;
        }
      },
    };
  });
}

/** Whether what a try at a page gave was thrown away, since the page is tried once more. */
function isTakenBack({ page, retries }: Attempt, origin: ItemOrigin): boolean {
  return page === origin.fingerprint && retries < origin.retries;
}

/** Puts an entry last; the first one goes when there are too many. */
function remember<Value>(map: Map<string, Value>, key: string, value: Value, most: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > most) forgetOldest(map);
}

function identityOf(item: ItemRecord, fields: readonly string[] | undefined): string {
  const chosen = fields === undefined ? item : fields.map((field) => item[field]);
  const text = JSON.stringify(chosen, inOrder) ?? '';
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

/** Fields in another order are the same item; a bigint is no text. */
function inOrder(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return { '\0bigint': String(value) };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
