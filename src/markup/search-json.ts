import { lazyPackage } from './lazy-package.ts';
import { SelectorError } from './selector-error.ts';

const jmespath = lazyPackage<typeof import('jmespath')>('jmespath');

/** What a JMESPath expression finds in a value of JSON. Throws {@link SelectorError} when it can't be read. */
export function searchJson(data: unknown, query: string): unknown {
  try {
    return jmespath().search(data ?? null, query);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SelectorError(query, reason, undefined, { cause: error });
  }
}
