// Crawls every case of the hostile server in one crawl, with a good page between every two of them: whatever a case
// does, each good page must come, once, in time. Takes the address of the server; prints what came as one line of JSON.
import { Crawler, Request, Spider } from 'orbweaver';

const [server = ''] = process.argv.slice(2);
const cases = await (await fetch(`${server}/__cases`)).json();
const goodUrl = (number) => `${server}/c/ok/?good=${number}`;

const good = new Map();
const sentAtMs = new Map();
let slowestMs = 0;
let answered = 0;

class TogetherSpider extends Spider {
  *start() {
    for (const [number, { id, mode, url, urls = [url], request = {} }] of cases.entries()) {
      yield new Request(goodUrl(number), { callback: this.parseGood, dontFilter: true });
      for (const address of urls) {
        const { method, headers, body } = request;
        yield new Request(address, {
          ...(method && { method }),
          ...(headers && { headers }),
          ...(body && { body }),
          callback: mode === 'json' ? this.parseJson : this.parse,
          errback: this.failed,
          meta: { follows: mode === 'follow' || mode === 'sitemap', id },
        });
      }
    }
    yield new Request(goodUrl(cases.length), { callback: this.parseGood, dontFilter: true });
  }

  parseGood({ url }) {
    const number = Number(new URL(url).searchParams.get('good'));
    good.set(number, (good.get(number) ?? 0) + 1);
    slowestMs = Math.max(slowestMs, performance.now() - (sentAtMs.get(url) ?? 0));
  }

  *parse(response) {
    answered += 1;
    if (response.kind !== 'html' && response.kind !== 'xml') return;
    yield { title: response.css('title::text').get(), mark: response.xpath('string(//*[@id="mark"])').get() };
    if (response.meta.follows)
      yield* response.followAll('a', { meta: { follows: true, id: response.meta.id } });
  }

  parseJson(response) {
    answered += 1;
    return response.json();
  }

  failed() {
    answered += 1;
  }
}

const crawler = new Crawler(TogetherSpider, {
  settings: {
    userAgent: 'hostilebot',
    downloadTimeoutMs: 4000,
    maxBodyBytes: 64 * 1024 * 1024,
    maxRetryAfterMs: 3000,
    retryBackoffMs: 100,
    hostBackoffMs: 0,
    maxDepth: 3,
    obeyRobotsTxt: false,
    handleAllStatuses: true,
    logLevel: 'silent',
    concurrentRequests: 32,
    adaptivePace: false,
  },
});
crawler.signals.on('requestReachedDownloader', ({ request }) => sentAtMs.set(request.url, performance.now()));
const startedAt = performance.now();
const { reason, stats } = await crawler.run();
const wanted = cases.length + 1;
const missing = Array.from({ length: wanted }, (_, number) => number).filter((number) => !good.has(number));
const double = [...good].filter(([, count]) => count > 1).map(([number]) => number);
console.log(
  JSON.stringify({
    reason,
    cases: cases.length,
    good: good.size,
    missing,
    double,
    answered,
    slowestGoodMs: Math.round(slowestMs),
    ms: Math.round(performance.now() - startedAt),
    errors: stats.errors ?? 0,
    polluted: {}.polluted !== undefined,
  }),
);
