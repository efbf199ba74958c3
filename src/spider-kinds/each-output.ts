import type { Output, SpiderOutput } from '../contracts/spider.ts';
import { isRequest } from '../values/request.ts';

/** Everything that a callback returned, one by one: see `SpiderOutput`. */
export async function* eachOutput<Item extends object>(
  given: SpiderOutput<Item>,
): AsyncGenerator<Output<Item>, void, undefined> {
  const result = await given;
  if (result === undefined || result === null) return;
  if (typeof result !== 'object' || isRequest(result)) yield result;
  else if (Symbol.asyncIterator in result) yield* result as AsyncIterable<Output<Item>>;
  else if (Symbol.iterator in result) yield* result as Iterable<Output<Item>>;
  else yield result as Item;
}
