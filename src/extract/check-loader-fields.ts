import { ItemLoaderError } from '../errors/item-loader-error.ts';
import { nearest } from '../values/nearest.ts';
import type { LoaderFields, ProcessorSource } from './field-processors.ts';

const SIDES: readonly string[] = ['in', 'out'];
const SCRAPY_SIDES: Readonly<Record<string, string>> = {
  input: 'in',
  output: 'out',
  input_processor: 'in',
  output_processor: 'out',
};

/** Tables that were looked at already, with the declarations that they were held against: classes make many loaders. */
const sound = new WeakMap<object, WeakSet<object>>();
const NO_DECLARATION = {};

/**
 * Looks for misspelt names among the processors of a loader. A loader may serve several kinds of items, so a field
 * that the item does not declare is wrong only where it is nearly one that it does.
 *
 * @param declared the fields of the item, if it declares them.
 * @throws ItemLoaderError naming what was meant.
 */
export function checkLoaderFields(
  sources: readonly ProcessorSource[],
  declared: Readonly<Record<string, unknown>> | undefined,
): void {
  for (const { fields, defaults } of sources) {
    if (defaults !== undefined)
      once(defaults, NO_DECLARATION, () => checkSides('defaults', undefined, defaults));
    if (fields !== undefined) once(fields, declared ?? NO_DECLARATION, () => checkFields(fields, declared));
  }
}

/** Looks until it finds nothing. */
function once(table: object, declared: object, check: () => void): void {
  const seen = sound.get(table) ?? new WeakSet();
  if (seen.has(declared)) return;
  check();
  sound.set(table, seen.add(declared));
}

function checkFields(fields: LoaderFields, declared: Readonly<Record<string, unknown>> | undefined): void {
  for (const [field, processors] of Object.entries(fields)) {
    if (declared !== undefined) checkName(field, declared);
    checkSides('it', field, processors ?? {});
  }
}

function checkName(field: string, declared: Readonly<Record<string, unknown>>): void {
  if (Object.hasOwn(declared, field)) return;
  const [near] = nearest(field, Object.keys(declared));
  if (near !== undefined)
    throw new ItemLoaderError(field, `the item does not declare it, did you mean ${near}?`);
}

function checkSides(what: string, field: string | undefined, processors: object): void {
  for (const name of Object.keys(processors)) {
    if (SIDES.includes(name)) continue;
    const meant = SCRAPY_SIDES[name] ?? nearest(name, SIDES)[0];
    const hint = meant === undefined ? '' : `: ${name} is ${meant} here`;
    throw new ItemLoaderError(field, `${what} may have the processors in and out${hint || `, not ${name}`}`);
  }
}
