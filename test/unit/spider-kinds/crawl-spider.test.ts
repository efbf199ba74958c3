import { describe, expect, it } from 'vitest';
import { CrawlSpider } from '../../../src/spider-kinds/crawl-spider.ts';
import type { Rule } from '../../../src/spider-kinds/rule.ts';
import { Request } from '../../../src/values/request.ts';
import { Response } from '../../../src/values/response.ts';
import { gather } from './gather.ts';

const HTML = '<a href="/item/1">One</a><a href="/list/2">Two</a><a href="/item/1#more">More</a>';
const page = (url = 'http://site.test/', request = new Request(url), type = 'text/html') =>
  new Response(url, { headers: { 'content-type': type }, body: HTML, request });

class Shop extends CrawlSpider {
  override rules: readonly Rule[] = [
    {
      linkExtractor: { allow: /item/ },
      callback: this.parseItem,
      cbKwargs: { shelf: 'a' },
      errback: 'failed',
    },
    {},
  ];

  parseItem(response: Response, args: { shelf: string }) {
    return { item: response.url, ...args };
  }

  failed({ error }: { error: Error }, { shelf }: { shelf: string }) {
    return { failed: error.message, shelf };
  }
}

function withRules(...rules: Rule[]): Shop {
  const spider = new Shop();
  spider.rules = rules;
  return spider;
}
const requests = async (spider: CrawlSpider, response = page()) =>
  (await gather(spider.parse(response))).filter((one) => one instanceof Request);
const facts = async (spider: CrawlSpider, response?: Response) =>
  (await requests(spider, response)).map(({ url, meta }) => [url, meta.rule]);
const followed = (url: string, rule: number) => page(url, new Request(url, { meta: { rule } }));

describe('CrawlSpider', () => {
  it('gives each link to the first rule that takes it', async () => {
    expect(await facts(new Shop())).toEqual([
      ['http://site.test/item/1', 0],
      ['http://site.test/item/1#more', 0],
      ['http://site.test/list/2', 1],
    ]);
  });

  it('notes rule and link text as plain data, and callbacks by names that last', async () => {
    const [first, , last] = await requests(new Shop());
    expect(first?.meta).toEqual({ rule: 0, linkText: 'One' });
    const names = [first?.callback, first?.errback, last?.errback].map(
      (one) => one && (one as { name: string }).name,
    );
    expect(names).toEqual(['parseFollowed', 'failFollowed', undefined]);
  });

  it('calls the callback of the rule with its arguments, and follows nothing there', async () => {
    const response = followed('http://site.test/item/1', 0);
    expect(await gather(new Shop().parseFollowed(response, { page: 2 }))).toEqual([
      { item: 'http://site.test/item/1', shelf: 'a', page: 2 },
    ]);
  });

  it('follows links where a rule has no callback', async () => {
    expect(await gather(new Shop().parseFollowed(followed('http://site.test/list/2', 1)))).toHaveLength(3);
  });

  it('does both where a rule says follow', async () => {
    const spider = withRules({ callback: 'parseItem', follow: true });
    expect(await gather(spider.parseFollowed(followed('http://site.test/x', 0)))).toHaveLength(4);
  });

  it('hands failures to the errback of the rule', async () => {
    const failure = {
      error: new Error('gone'),
      request: new Request('http://site.test/', { meta: { rule: 0 } }),
      retries: 0,
    };
    expect(await gather(new Shop().failFollowed(failure))).toEqual([{ failed: 'gone', shelf: 'a' }]);
  });

  it('leaves a link that processLinks took away to the next rule', async () => {
    const spider = withRules(
      { processLinks: (links) => links.slice(1) },
      { linkExtractor: { allow: /item/ } },
    );
    expect(await facts(spider)).toEqual([
      ['http://site.test/list/2', 0],
      ['http://site.test/item/1#more', 0],
      ['http://site.test/item/1', 1],
    ]);
  });

  it('lets processRequest change a request or leave it out', async () => {
    const spider = withRules({
      processRequest: async (request, { url }) =>
        request.url.endsWith('1') ? request.replace({ priority: url.length }) : undefined,
    });
    expect((await requests(spider)).map(({ priority }) => priority)).toEqual([17]);
  });

  it('takes an extractor of any kind', async () => {
    const link = { url: 'http://site.test/own', text: '', fragment: '', nofollow: false };
    expect(await facts(withRules({ linkExtractor: { extractLinks: () => [link] } }))).toEqual([
      [link.url, 0],
    ]);
  });

  it('looks for links on HTML pages only', async () => {
    expect(await requests(new Shop(), page('http://site.test/', undefined, 'application/xml'))).toEqual([]);
    expect(await requests(new Shop(), page('http://site.test/', undefined, 'image/png'))).toEqual([]);
  });

  it('follows http and https only', async () => {
    const spider = new Shop();
    const response = new Response('http://site.test/', { body: '<html><a href="ftp://site.test/">x</a>' });
    expect(await requests(spider, response)).toEqual([]);
  });

  it('follows nothing without followLinks', async () => {
    const spider = new Shop();
    spider.followLinks = false;
    expect(await requests(spider)).toEqual([]);
  });

  it('gives what parseStartUrl and processResults make of a page', async () => {
    class Own extends CrawlSpider {
      override async *parseStartUrl(response: Response) {
        yield { start: response.url };
        yield { start: 'other' };
      }
      override async *processResults(_response: Response, results: AsyncIterable<unknown>) {
        for await (const result of results) if (JSON.stringify(result).includes('http')) yield { result };
      }
    }
    expect(await gather(new Own().parse(page()))).toEqual([{ result: { start: 'http://site.test/' } }]);
  });

  it('refuses a rule with a method that is not there when the crawl starts', () => {
    expect(() => withRules({ callback: 'nope' }).start()).toThrow(
      'rules[0].callback: the spider has no method nope()',
    );
  });

  it('refuses options that rules and their link extractors do not have', () => {
    expect(() => withRules({}, { link_extractor: {} } as never).start()).toThrow(
      'rules[1] has no option "link_extractor": did you mean linkExtractor?',
    );
    expect(() => withRules({ linkExtractor: { restrictXpaths: '//nav' } as never }).start()).toThrow(
      'did you mean restrictXpath?',
    );
  });

  it('says so where a stored request belongs to a rule that has gone', () => {
    expect(() => new Shop().parseFollowed(followed('http://site.test/x', 7))).toThrow('belongs to rules[7]');
  });
});
