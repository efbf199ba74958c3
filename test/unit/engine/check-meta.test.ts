import { describe, expect, it } from 'vitest';
import { checkMeta } from '../../../src/engine/check-meta.ts';
import { Spider } from '../../../src/spider/spider.ts';
import { testSpider } from '../../../src/testing/test-spider.ts';
import { Request } from '../../../src/values/request.ts';
import type { Response } from '../../../src/values/response.ts';

const HINT = 'http://site.test/: meta.dont_redirect is meta.dontRedirect here';
const scrapys = (): Request => new Request('http://site.test/', { meta: { dont_redirect: true } });

describe('keys of meta', () => {
  it('may be ours, and notes of any name', () => {
    const meta = { dontRedirect: true, page_title: 'a', link_text: 'b', retry_times: 2 };
    expect(() => checkMeta(new Request('http://site.test/', { meta }))).not.toThrow();
  });

  it("may not be Scrapy's, where they ask for something", () => {
    expect(() => checkMeta(scrapys())).toThrow(HINT);
  });

  it('are looked at when a request goes into the crawl', async () => {
    class Queued extends Spider {
      override *start() {
        yield scrapys();
      }
    }
    const { errors } = await testSpider(Queued);
    expect(errors).toMatchObject([{ message: HINT }]);
  });

  it('are looked at for fetch() too', async () => {
    class Fetching extends Spider {
      override async *parse(_response: Response) {
        yield { title: (await this.fetch(scrapys())).url };
      }
    }
    const { errors, items } = await testSpider(Fetching, { page: '<p>' });
    expect(items).toEqual([]);
    expect(errors).toMatchObject([{ message: `parse() failed on https://site.test/: ${HINT}` }]);
  });
});
