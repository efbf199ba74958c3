import {
  CrawlSpider,
  CsvFeedSpider,
  type CsvRow,
  type Failure,
  type Response,
  type Rule,
  type Selector,
  type SitemapRule,
  SitemapSpider,
  XmlFeedSpider,
} from '../../src/index.ts';

/** Rules need no annotation; the callbacks may take arguments of their own. */
export class RightRules extends CrawlSpider {
  override startUrls = ['https://site.test/'];
  override rules = [
    {
      linkExtractor: { allow: /item/ },
      callback: this.parseItem,
      cbKwargs: { shelf: 'a' },
      errback: this.failed,
    },
    { callback: 'parseItem', follow: true },
  ];

  *parseItem(response: Response, { shelf }: { shelf: string }) {
    yield { url: response.url, shelf };
  }

  failed({ error }: Failure) {
    return { error: error.message };
  }
}

export class TypedRules extends CrawlSpider<{ url: string }> {
  override rules: Rule[] = [{ callback: this.parseItem }];

  async *parseItem(response: Response) {
    yield { url: response.url };
  }

  override parseStartUrl(response: Response) {
    return { url: response.url };
  }
}

export class WrongRules extends CrawlSpider {
  // @ts-expect-error Type 'number' is not assignable
  override rules: Rule[] = [{ follow: 1 }];
}

export class RightSitemap extends SitemapSpider {
  override sitemapUrls = ['https://site.test/robots.txt'];
  override sitemapRules: SitemapRule[] = [
    [/item/, this.parseItem],
    ['.', 'parse'],
  ];

  *parseItem(response: Response) {
    yield { url: response.url };
  }
}

/** Without a type the compiler takes the pairs for lists. */
export class UntypedSitemap extends SitemapSpider {
  override sitemapRules = [
    [/item/, this.parseItem],
    ['/shop/', this.parseShop],
    ['.', 'parse'],
  ];

  *parseItem(response: Response) {
    yield { url: response.url };
  }

  async parseShop(response: Response) {
    return [{ shop: response.url }];
  }
}

export class WrongSitemap extends SitemapSpider {
  // @ts-expect-error Property 'sitemapRules' in type 'WrongSitemap' is not assignable
  override sitemapRules = [[/item/, 5]];
}

export class RightXml extends XmlFeedSpider {
  override namespaces = { g: 'http://g.test' };

  *parseNode(_response: Response, node: Selector) {
    yield { title: node.css('title::text').get() };
  }
}

export class RightCsv extends CsvFeedSpider<{ id: string | undefined }> {
  parseRow(_response: Response, row: CsvRow) {
    return { id: row.id };
  }
}
