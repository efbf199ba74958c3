import type { StandardSchemaV1 } from '@standard-schema/spec';
import { drop, type Factory, type ItemPipeline, type ItemRecord, named } from '../src/api.ts';

/** Options of {@link validate}. */
export interface ValidateOptions {
  /** What becomes of an item that does not fit: left out and counted, or an error. @defaultValue `'drop'` */
  readonly onInvalid?: 'drop' | 'error';
}

/**
 * Checks items with a schema of any library that keeps to Standard Schema (zod, valibot, arktype): its output
 * goes on in the item's place. Where an item does not fit, the first problem is named.
 */
export function validate(
  schema: StandardSchemaV1<unknown, object>,
  { onInvalid = 'drop' }: ValidateOptions = {},
): Factory<ItemPipeline> {
  return named('validate', ({ logger }) => {
    const judge = (result: StandardSchemaV1.Result<object>, item: ItemRecord) => {
      const [problem] = result.issues ?? [];
      if (result.issues === undefined) return result.value as ItemRecord;
      const field = problem === undefined ? '' : fieldOf(problem);
      if (onInvalid === 'error') throw new TypeError(`${field || 'item'}: ${problem?.message ?? 'invalid'}`);
      if (logger.isEnabled('debug')) logger.debug(`invalid item: ${problem?.message ?? ''}`, { field, item });
      return drop(field === '' ? 'invalid' : `invalid ${field}`);
    };
    return {
      name: 'validate',
      processItem(item) {
        const result = schema['~standard'].validate(item);
        return result instanceof Promise ? result.then((late) => judge(late, item)) : judge(result, item);
      },
    };
  });
}

/** Path of a problem, places in lists left out: it makes a stats key. */
function fieldOf({ path = [] }: StandardSchemaV1.Issue): string {
  return path
    .map((part) => (typeof part === 'object' ? part.key : part))
    .filter((key) => typeof key === 'string')
    .join('.');
}
