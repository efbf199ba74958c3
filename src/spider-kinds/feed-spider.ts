import type { Output, SpiderOutput } from '../contracts/spider.ts';
import { markSpiderBase, Spider } from '../spider/spider.ts';
import type { ItemRecord } from '../values/item.ts';
import type { Response } from '../values/response.ts';
import { eachOutput } from './each-output.ts';

/** What spiders of feeds have in common: the hooks around the parts of a feed, its rows or elements. */
export abstract class FeedSpider<
  Item extends object = ItemRecord,
  Args extends object = Record<string, unknown>,
> extends Spider<Item, Args> {
  static {
    markSpiderBase(FeedSpider);
  }

  /** Changes an answer before it is read. */
  adaptResponse(response: Response): Response | Promise<Response> {
    return response;
  }

  /** Takes all that one row or element gave, and gives what is to be kept: everything, unless overridden. */
  processResults(_response: Response, results: AsyncIterable<Output<Item>>): SpiderOutput<Item> {
    return results;
  }

  /** What all parts of a feed give, one part after the other. */
  protected async *outputsOf<Part>(
    response: Response,
    parts: AsyncIterable<Part> | Iterable<Part>,
    parsePart: (part: Part) => SpiderOutput<Item>,
  ): AsyncGenerator<Output<Item>, void, undefined> {
    for await (const part of parts) {
      const results = eachOutput<Item>(parsePart(part));
      yield* eachOutput<Item>(this.processResults(response, results));
    }
  }
}
