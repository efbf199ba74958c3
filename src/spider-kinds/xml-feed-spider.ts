import type { Output, SpiderOutput } from '../contracts/spider.ts';
import { Selector } from '../markup/selector.ts';
import { xmlElements } from '../markup/xml-elements.ts';
import { markSpiderBase } from '../spider/spider.ts';
import type { ItemRecord } from '../values/item.ts';
import type { Response } from '../values/response.ts';
import { FeedSpider } from './feed-spider.ts';

/** How an `XmlFeedSpider` finds elements. */
export type XmlFeedIterator = 'nodes' | 'xml' | 'html';

/**
 * Reads XML feeds element by element. Set `startUrls` and `iterTag` and write `parseNode`. Do not override `parse`.
 * Scrapy's XMLFeedSpider.
 */
export abstract class XmlFeedSpider<
  Item extends object = ItemRecord,
  Args extends object = Record<string, unknown>,
> extends FeedSpider<Item, Args> {
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

  /** Reads a feed: the callback of requests that name none. */
  override async *parse(response: Response): AsyncGenerator<Output<Item>, void, undefined> {
    const adapted = await this.adaptResponse(response);
    yield* this.outputsOf(adapted, this.#nodes(adapted), (node) => this.parseNode(adapted, node));
  }

  #nodes({ text }: Response): AsyncIterable<Selector> | Iterable<Selector> {
    const { iterTag, namespaces, iterator } = this;
    if (iterator === 'nodes') return xmlElements(text, iterTag, { namespaces });
    const page = new Selector({ text, type: iterator });
    for (const [prefix, uri] of Object.entries(namespaces)) page.registerNamespace(prefix, uri);
    return page.xpath(`//${iterTag}`);
  }
}
