import type { Output, SpiderOutput } from '../contracts/spider.ts';
import { Selector } from '../markup/selector.ts';
import { xmlElements } from '../markup/xml-elements.ts';
import { markSpiderBase, Spider } from '../spider/spider.ts';
import type { ItemRecord } from '../values/item.ts';
import type { Response } from '../values/response.ts';
import { eachOutput } from './each-output.ts';

/** How an `XmlFeedSpider` finds elements. */
export type XmlFeedIterator = 'nodes' | 'xml' | 'html';

/**
 * Reads XML feeds element by element. Set `startUrls` and `iterTag` and write `parseNode`. Do not override `parse`.
 * Scrapy's XMLFeedSpider.
 */
export abstract class XmlFeedSpider<
  Item extends object = ItemRecord,
  Args extends object = Record<string, unknown>,
> extends Spider<Item, Args> {
  static {
    markSpiderBase(XmlFeedSpider);
  }

  /** Name of the elements: as the feed has it (`item`), or with a prefix of `namespaces` (`g:item`). */
  iterTag = 'item';
  /** Prefixes for `iterTag` and for queries in `parseNode`: prefix to namespace. */
  namespaces: Readonly<Record<string, string>> = {};
  /**
   * `nodes` parses one element at a time and holds no tree of the feed, but elements know nothing of what is around
   * them; `xml` and `html` parse the whole first.
   */
  iterator: XmlFeedIterator = 'nodes';

  /** What one element gives. Queries on `node` look into the element: `node.xpath('title/text()')`. */
  abstract parseNode(response: Response, node: Selector): SpiderOutput<Item>;

  /** Changes an answer before it is read. */
  adaptResponse(response: Response): Response | Promise<Response> {
    return response;
  }

  /** Takes all that one element gave, and gives what is to be kept: everything, unless overridden. */
  processResults(_response: Response, results: AsyncIterable<Output<Item>>): SpiderOutput<Item> {
    return results;
  }

  /** Reads a feed: the callback of requests that name none. */
  override async *parse(response: Response): AsyncGenerator<Output<Item>, void, undefined> {
    const adapted = await this.adaptResponse(response);
    for await (const node of this.#nodes(adapted)) {
      const results = eachOutput<Item>(this.parseNode(adapted, node));
      yield* eachOutput<Item>(this.processResults(adapted, results));
    }
  }

  #nodes({ text }: Response): AsyncIterable<Selector> | Iterable<Selector> {
    const { iterTag, namespaces, iterator } = this;
    if (iterator === 'nodes') return xmlElements(text, iterTag, { namespaces });
    const page = new Selector({ text, type: iterator });
    for (const [prefix, uri] of Object.entries(namespaces)) page.registerNamespace(prefix, uri);
    return page.xpath(`//${iterTag}`);
  }
}
