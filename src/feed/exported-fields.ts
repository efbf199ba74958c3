import type { FeedOptions } from '../settings/feed-options.ts';
import { type PlainRecord, toPlainRecord } from '../values/plain-value.ts';
import { chooseFields, declaredColumns } from './field-choice.ts';

/**
 * The fields of an item as the built-in formats write them, for an exporter of your own: plain data with dates as
 * ISO 8601, in the order of the item, or those that `fields` names under their titles, and with `emptyFields` null for
 * those that are missing. Scrapy's `get_serialized_fields()`.
 */
export function exportedFields(
  item: object,
  { fields, emptyFields = false }: Pick<FeedOptions, 'fields' | 'emptyFields'> = {},
): PlainRecord {
  return chooseFields(toPlainRecord(item), declaredColumns(fields), emptyFields ? null : undefined);
}
