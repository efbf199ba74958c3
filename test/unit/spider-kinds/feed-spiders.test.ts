import { describe, expect, it, vi } from 'vitest';
import type { CsvRow } from '../../../src/extract/csv-rows.ts';
import { silentLogger } from '../../../src/logging/silent-logger.ts';
import type { Selector } from '../../../src/markup/selector.ts';
import { attachSpider } from '../../../src/spider/spider.ts';
import { CsvFeedSpider } from '../../../src/spider-kinds/csv-feed-spider.ts';
import { XmlFeedSpider } from '../../../src/spider-kinds/xml-feed-spider.ts';
import { MemoryStats } from '../../../src/stats/memory-stats.ts';
import { Response } from '../../../src/values/response.ts';
import { gather } from './gather.ts';

const answer = (body: string, type: string) =>
  new Response('http://a.test/feed', { headers: { 'content-type': type }, body });

describe('XmlFeedSpider', () => {
  class Feed extends XmlFeedSpider {
    override namespaces = { g: 'http://goods.test' };
    *parseNode(_response: Response, node: Selector) {
      yield { title: node.xpath('title/text()').get(), price: node.xpath('g:price/text()').get() };
    }
  }
  const XML = `<rss xmlns:x="http://goods.test"><item><title>One</title><x:price>1</x:price></item>
    <item><title>Two</title></item></rss>`;
  const rows = [
    { title: 'One', price: '1' },
    { title: 'Two', price: null },
  ];

  it.each(['nodes', 'xml'] as const)('gives what parseNode makes of each element (%s)', async (iterator) => {
    const spider = Object.assign(new Feed(), { iterator });
    expect(await gather(spider.parse(answer(XML, 'application/xml')))).toEqual(rows);
  });

  it('reads HTML too', async () => {
    const spider = Object.assign(new Feed(), { iterator: 'html', iterTag: 'li' });
    const found = await gather(spider.parse(answer('<ul><li><title>A</title><li>', 'text/html')));
    expect(found).toHaveLength(2);
  });

  it('asks adaptResponse before, and processResults behind each element', async () => {
    class Adapted extends Feed {
      override async adaptResponse(response: Response) {
        return response.replace({ body: response.text.replaceAll('One', 'Uno') });
      }
      override async *processResults(_response: Response, results: AsyncIterable<unknown>) {
        for await (const result of results) yield { result };
      }
    }
    const [first] = await gather(new Adapted().parse(answer(XML, 'application/xml')));
    expect(first).toEqual({ result: { title: 'Uno', price: '1' } });
  });
});

describe('CsvFeedSpider', () => {
  class Feed extends CsvFeedSpider {
    async parseRow(_response: Response, row: CsvRow) {
      return [{ ...row }];
    }
  }

  it('gives what parseRow makes of each row', async () => {
    expect(await gather(new Feed().parse(answer('id,name\n1,"a, b"\n', 'text/csv')))).toEqual([
      { id: '1', name: 'a, b' },
    ]);
  });

  it('reads as delimiter, quotechar and headers say', async () => {
    const spider = Object.assign(new Feed(), { delimiter: ';', quotechar: "'", headers: ['id', 'name'] });
    expect(await gather(spider.parse(answer("1;'a;b'\n", 'text/csv')))).toEqual([{ id: '1', name: 'a;b' }]);
  });

  it('counts rows with a wrong number of cells and warns of the first ten', async () => {
    const logger = { ...silentLogger, warn: vi.fn() };
    const stats = new MemoryStats();
    const spider = new Feed();
    attachSpider(spider, { runtime: { logger, stats } as never, name: 'feed', args: {}, state: {} });
    const found = await gather(spider.parse(answer(`id,name\n${'1\n'.repeat(12)}1,a\n`, 'text/csv')));
    expect(found).toEqual([{ id: '1', name: 'a' }]);
    expect(stats.get('csvfeed/rows_ignored')).toBe(12);
    expect(logger.warn).toHaveBeenCalledTimes(10);
    expect(logger.warn.mock.calls[0]?.[0]).toBe('row 2 left out: it has 1 cells, the headers are 2');
  });
});
