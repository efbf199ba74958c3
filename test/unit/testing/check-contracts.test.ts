import { describe, expect, it } from 'vitest';
import type { Contracts } from '../../../src/contracts/page-contract.ts';
import { silentLogger } from '../../../src/logging/silent-logger.ts';
import { Spider } from '../../../src/spider/spider.ts';
import { checkContracts } from '../../../src/testing/check-contracts.ts';
import { SavedPageDownloader } from '../../../src/testing/saved-pages.ts';
import type { Response } from '../../../src/values/response.ts';
import { retryLater } from '../../../src/values/retry-later.ts';

const URL = 'https://shop.test/';
const sent: string[] = [];

class ShopSpider extends Spider {
  override allowedDomains = ['other.test'];
  static override pipelines = [
    () => {
      throw new Error('a pipeline was opened');
    },
  ];

  override *parse(response: Response, args: { broken?: boolean } = {}) {
    if (args.broken) throw new Error('no list');
    for (const name of response.css('li::text').getAll())
      yield { name, price: response.css('b::text').get() };
    yield* response.followAll('a');
  }
}

const check = (contracts: Contracts, body = '<li>One<li>Two<a href=/next>') =>
  checkContracts(
    class extends ShopSpider {
      static override contracts = contracts;
    },
    {
      logger: silentLogger,
      settings: { obeyRobotsTxt: false, retry: false },
      downloader: new SavedPageDownloader((request) => {
        sent.push(`${request.method} ${request.url}`);
        return request.url === URL ? body : { status: 404 };
      }),
    },
  );
const problems = async (contracts: Contracts, body?: string) =>
  (await check(contracts, body)).flatMap((report) => report.problems);

describe('checkContracts', () => {
  it('finds nothing to say about a page that keeps its contract, and follows nothing', async () => {
    sent.length = 0;
    const [report] = await check({
      parse: { url: URL, returns: { items: 2, requests: [1] }, scrapes: ['name'] },
    });
    expect(report).toMatchObject({ method: 'parse', url: URL, problems: [], items: [{}, {}] });
    expect(sent).toEqual([`GET ${URL}`]);
  });

  it('counts nothing of a try that its callback took back', async () => {
    class ShySpider extends Spider {
      static override contracts = { parse: { url: URL, returns: { items: 1, requests: 1 } } };
      #tries = 0;
      override *parse(response: Response) {
        this.#tries += 1;
        yield { tried: this.#tries };
        yield response.follow('/next');
        if (this.#tries === 1) yield retryLater('not yet');
      }
    }
    const [report] = await checkContracts(ShySpider, {
      logger: silentLogger,
      settings: { obeyRobotsTxt: false, retryBackoffMs: 0 },
      downloader: new SavedPageDownloader(() => 'a page'),
    });
    expect(report).toMatchObject({ problems: [], items: [{ tried: 2 }] });
  });

  it('says how many were expected and came', async () => {
    expect(await problems({ parse: { url: URL, returns: { items: [3, 9], requests: 0 } } })).toEqual([
      { part: 'returns.items', expected: '3 to 9', got: '2' },
      { part: 'returns.requests', expected: '0', got: '1' },
    ]);
  });

  it('names fields that items lack, and wants an item where fields are named', async () => {
    const parse = { url: URL, scrapes: ['name', 'price'] };
    expect(await problems({ parse }, '<li>One')).toEqual([
      { part: 'scrapes', expected: 'price', got: 'item 1 of 1 has only name' },
    ]);
    expect(await problems({ parse }, '<p>')).toEqual([{ part: 'scrapes', expected: 'at least 1', got: '0' }]);
    expect(await problems({ parse: { ...parse, returns: { items: [0] } } }, '<p>')).toEqual([]);
  });

  it("asks rules of one's own, which answer or throw", async () => {
    const hasTitle = ({ response }: { response: Response }) =>
      response.css('title').length === 0 ? 'no title' : undefined;
    const throws = () => {
      throw new Error('never');
    };
    expect(await problems({ parse: { url: URL, checks: [hasTitle, throws] } })).toEqual([
      { part: 'hasTitle', expected: 'no complaint', got: 'no title' },
      { part: 'throws', expected: 'no complaint', got: 'never' },
    ]);
  });

  it('tells of pages that cannot be had, callbacks that throw and methods that are not there', async () => {
    const found = await problems({
      parse: [{ url: `${URL}gone` }, { url: URL, cbKwargs: { broken: true } }, { url: 'shop' }],
      prase: { url: URL },
    });
    expect(found.map(({ part, got }) => [part, got])).toEqual([
      ['url', expect.stringContaining('404')],
      ['callback', expect.stringContaining('no list')],
      ['url', expect.stringContaining('not an absolute URL')],
      ['callback', 'the spider has parse()'],
    ]);
  });

  it('sends the request as the contract has it', async () => {
    sent.length = 0;
    await check({ parse: { url: URL, request: { method: 'POST' } } });
    expect(sent).toEqual([`POST ${URL}`]);
  });

  it('checks every contract, whatever limits the spider has for its crawls', async () => {
    class ShortSpider extends Spider {
      static override settings = { maxPages: 1, maxItems: 1, maxPagesWithoutItem: 1 };
      static override contracts = { parse: [{ url: URL }, { url: `${URL}two` }, { url: `${URL}three` }] };
      override parse(response: Response) {
        return { url: response.url };
      }
    }
    const reports = await checkContracts(ShortSpider, {
      logger: silentLogger,
      settings: { obeyRobotsTxt: false },
      downloader: new SavedPageDownloader(() => 'a page'),
    });
    expect(reports.map(({ problems, items }) => [problems, items.length])).toEqual([
      [[], 1],
      [[], 1],
      [[], 1],
    ]);
  });
});
