import { drop, type Factory, type ItemPipeline, named } from '../src/api.ts';

/** Drops items that lack any of the named fields, or have nothing in it: null, undefined or an empty text. */
export function requireFields(...fields: readonly string[]): Factory<ItemPipeline> {
  return named('require-fields', () => ({
    name: 'require-fields',
    processItem(item) {
      const missing = fields.filter((field) => isEmpty(item[field]));
      return missing.length === 0 ? item : drop(`missing ${missing.join(', ')}`);
    },
  }));
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}
