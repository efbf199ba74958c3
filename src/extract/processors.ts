import { errorMessage } from '../errors/crawl-error.ts';
import { ItemLoaderError } from '../errors/item-loader-error.ts';
import { searchJson } from '../markup/search-json.ts';
import { shownValue, toList } from './loader-values.ts';

/** What processors know besides their value: the loader's context, with its item, selector and response. */
export interface LoaderContext {
  readonly [name: string]: unknown;
}

/**
 * Makes something of a value. As a field's processor it gets the list of values. A plain function will do, also
 * one that takes texts or numbers only.
 */
export type Processor<Result = unknown> = {
  // As a method, so that a function may say which values it takes.
  process(value: unknown, context: LoaderContext): Result;
}['process'];

/** Options of {@link compose}. */
export interface ComposeOptions {
  /** A step that gives null or undefined is the last one. @defaultValue `true` */
  readonly stopOnNone?: boolean;
}

/** The values as they are. */
export function identity<Value>(): Processor<Value[]> {
  return function identity(values) {
    return values as Value[];
  };
}

/** The first value that is not null, undefined or an empty text; undefined where there is none. */
export function takeFirst<Value>(): Processor<Value | undefined> {
  return function takeFirst(values) {
    const found = toList(values).find((value) => value !== null && value !== undefined && value !== '');
    return found as Value | undefined;
  };
}

/** The values in one text. */
export function join(separator = ' '): Processor<string> {
  return function join(values) {
    return toList(values).join(separator);
  };
}

/** Steps one after the other, the first gets the whole list. */
export function compose<Result>(...steps: readonly Processor[]): Processor<Result | null | undefined>;
export function compose<Result>(
  ...steps: readonly [...functions: Processor[], options: ComposeOptions]
): Processor<Result | null | undefined>;
export function compose<Result>(
  ...steps: readonly (Processor | ComposeOptions)[]
): Processor<Result | null | undefined> {
  const functions = steps.filter((step) => typeof step === 'function');
  const { stopOnNone = true } = steps.find((step) => typeof step === 'object') ?? {};
  return function compose(values, context) {
    let value = values;
    for (const [at, step] of functions.entries()) {
      if (stopOnNone && (value === null || value === undefined)) break;
      value = runStep(step, at, value, context);
    }
    return value as Result | null | undefined;
  };
}

/** Steps that each get every value alone. A list that a step gives is flattened, null and undefined are left out. */
export function mapCompose<Value>(...steps: readonly Processor[]): Processor<Value[]> {
  return function mapCompose(values, context) {
    let all = toList(values);
    for (const [at, step] of steps.entries()) {
      all = all.flatMap((value) => toList(runStep(step, at, value, context)));
    }
    return all as Value[];
  };
}

/** What a JMESPath expression finds in a value, null where it finds nothing; for use in `compose` and `mapCompose`. */
export function selectJmes(query: string): Processor {
  return function selectJmes(value) {
    return searchJson(value, query);
  };
}

function runStep(step: Processor, at: number, value: unknown, context: LoaderContext): unknown {
  try {
    return step(value, context);
  } catch (cause) {
    const name = step.name === '' ? '' : ` ${step.name}`;
    const problem = `step ${at + 1}${name} on ${shownValue(value)}: ${errorMessage(cause)}`;
    throw new ItemLoaderError(undefined, problem, { cause });
  }
}
