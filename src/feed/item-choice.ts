import { errorMessage } from '../errors/crawl-error.ts';
import type { FeedOptions, FieldValue } from '../settings/feed-options.ts';
import type { ItemRecord } from '../values/item.ts';

/** Whether an output takes an item. */
export type ItemChoice = (item: ItemRecord) => boolean;

/** The field that `itemTypes` looks at. */
const TYPE_FIELD = 'type';

/**
 * The choice that the options make; undefined: all items are taken. It throws an error that names the option where
 * a filter of the user's does.
 */
export function itemChoice({ itemFilter, itemTypes }: FeedOptions): ItemChoice | undefined {
  const choices: ItemChoice[] = [];
  if (itemTypes !== undefined) choices.push(byFields({ [TYPE_FIELD]: itemTypes }));
  if (typeof itemFilter === 'function') choices.push(guarded(itemFilter));
  else if (itemFilter !== undefined) choices.push(byFields(itemFilter));
  if (choices.length === 0) return undefined;
  return (item) => choices.every((choice) => choice(item));
}

function byFields(wanted: Readonly<Record<string, FieldValue | readonly FieldValue[]>>): ItemChoice {
  const fields = Object.entries(wanted).map(
    ([field, values]) => [field, new Set<unknown>(Array.isArray(values) ? values : [values])] as const,
  );
  return (item) => fields.every(([field, values]) => Object.hasOwn(item, field) && values.has(item[field]));
}

function guarded(filter: ItemChoice): ItemChoice {
  return (item) => {
    try {
      const answer: unknown = filter(item);
      if (typeof answer === 'boolean') return answer;
      throw new TypeError(
        `it gave ${answer instanceof Promise ? 'a promise' : String(answer)}, not true or false`,
      );
    } catch (cause) {
      throw new Error(`its itemFilter failed on an item: ${errorMessage(cause)}`, { cause });
    }
  };
}
