import { InvalidCallbackError } from '../errors/invalid-callback-error.ts';

/** A function that is called as a method of the spider. */
export type SpiderMethod<Arguments extends readonly unknown[], Result> = (...args: Arguments) => Result;

/**
 * A spider's method by itself or by its name, bound to the spider.
 *
 * @param where - names the place that refers to it, for the error.
 * @throws InvalidCallbackError when there is no such method.
 */
export function spiderMethod<Arguments extends readonly unknown[], Result>(
  spider: object,
  reference: unknown,
  where: string,
): SpiderMethod<Arguments, Result> {
  const member: unknown = typeof reference === 'string' ? Reflect.get(spider, reference) : reference;
  if (typeof member === 'function') return member.bind(spider) as SpiderMethod<Arguments, Result>;
  throw new InvalidCallbackError(
    typeof reference === 'string'
      ? `${where}: the spider has no method ${reference}()`
      : `${where} must be a method of the spider or its name, got ${reference === null ? 'null' : typeof reference}`,
  );
}
