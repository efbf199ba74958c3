// Crawls one case of the hostile server as it is told on standard input, and prints what came of it as one line
// of JSON. Runs on the built package; the log goes to standard error.
import { json } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { Crawler, Request, Spider } from 'orbweaver';

const { mode, url, urls = [url], request: sent = {}, opts = {} } = await json(process.stdin);
const MOST_TEXT = 40_000;
let report;

class FetchSpider extends Spider {
  allowedDomains = opts.allowedHosts ?? [];

  *start() {
    yield new Request(url, { ...optionsOf(sent), dontFilter: true, errback: this.failed });
  }

  *parse(response) {
    const outcome = response.flags.includes('partial') ? 'partial' : 'item';
    report = { outcome, status: response.status, url: response.url, ...readable(response) };
    if (mode === 'json') yield response.json();
  }

  failed({ error, response }) {
    report ??= {
      outcome: isRefusal(error) ? 'blocked' : 'error',
      status: response?.status,
      error: error.message,
    };
  }
}

class SequenceSpider extends Spider {
  async start() {
    for (const each of urls) {
      try {
        await this.fetch(each, { ...optionsOf(sent), dontFilter: true });
      } catch (error) {
        this.logger.info(`no answer: ${error.message}`);
      }
    }
  }
}

class FollowSpider extends Spider {
  allowedDomains = opts.allowedHosts ?? [];
  startUrls = [url];

  *parse(response) {
    yield* response.followAll('a');
  }
}

class SitemapSpider extends Spider {
  startUrls = [url];

  *parse(response) {
    const page = response.body[0] === 0x1f && response.body[1] === 0x8b ? unpacked(response) : response;
    for (const address of page.css('loc::text').getAll()) {
      yield response.follow(address.trim(), {
        callback: /\.xml(\.gz)?$/.test(address) ? this.parse : this.parsePage,
      });
    }
  }

  parsePage() {}
}

const SPIDERS = { follow: FollowSpider, sequence: SequenceSpider, sitemap: SitemapSpider };
const settings = {
  userAgent: 'hostilebot',
  downloadTimeoutMs: opts.timeoutMs,
  maxBodyBytes: opts.maxBytes,
  retryTimes: opts.retries,
  maxRedirects: opts.maxRedirects,
  obeyRobotsTxt: opts.robots,
  verifyTls: opts.verifyTls,
  cookies: opts.cookies,
  maxDepth: opts.maxDepth,
  maxPages: opts.maxPages,
  blockPrivateAddresses: opts.blockPrivate,
  privateAddressExceptions: opts.exceptHosts,
  proxy: opts.proxy,
  handleAllStatuses: true,
  // A case has less time than a crawl.
  maxRetryAfterMs: 10_000,
};

const startedAt = performance.now();
const crawler = new Crawler(SPIDERS[mode] ?? FetchSpider, { settings });
const { reason, stats } = await crawler.run();
const ms = Math.round(performance.now() - startedAt);
if (mode in SPIDERS) report = { outcome: 'done' };
report ??= { outcome: 'error', error: `the crawl ended (${reason}) without a page`, stats };
console.log(JSON.stringify({ ...report, ms, polluted: {}.polluted !== undefined }));

function optionsOf({ method, headers, body }) {
  return { ...(method && { method }), ...(headers && { headers }), ...(body && { body }) };
}

function isRefusal({ code }) {
  return ['ERR_CRAWL_DROPPED', 'ERR_CRAWL_BLOCKED_ADDRESS', 'ERR_CRAWL_UNSUPPORTED_SCHEME'].includes(code);
}

function readable(response) {
  try {
    return {
      // First: as long as nobody has asked for the tree, links need none.
      nlinks: response.followAll('a').length,
      text: response.text.slice(0, MOST_TEXT),
      title: response.css('title::text').get(),
      mark: response.css('#mark::text').get(),
    };
  } catch (error) {
    return { unreadable: error.message };
  }
}

function unpacked(response) {
  return response.replace({
    body: gunzipSync(response.body, { maxOutputLength: opts.maxBytes }),
    url: response.url.replace(/\.gz$/, ''),
  });
}
