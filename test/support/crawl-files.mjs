// Crawls a page whose item names files, and a page with a small file before it where `warmUp` says so: node crawl-files.mjs '{"origin","paths","folder","job","warmUp"}'
import { readFileSync } from 'node:fs';
import { setInterval } from 'node:timers';
import { files } from '../../dist/pipelines/index.js';
import { Crawler, Spider } from '../../dist/src/index.js';

const { origin, paths, folder, job, warmUp } = JSON.parse(process.argv[2] ?? '{}');
let baseline = 0;
let most = 0;

/** Anonymous memory of this process in bytes, where the system tells; else 0. */
function rssAnon() {
  try {
    return Number(/RssAnon:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

class FilesSpider extends Spider {
  startUrls = [`${origin}/page`];

  *parse(response) {
    if (warmUp && response.url.endsWith('/page')) {
      yield { url: response.url, fileUrls: [`${origin}${warmUp}`] };
      yield response.follow('/page2', { callback: this.parse });
      return;
    }
    baseline ||= rssAnon();
    yield { url: response.url, fileUrls: paths.map((path) => origin + path) };
  }
}

const items = [];
const crawler = new Crawler(FilesSpider, {
  settings: {
    pipelines: [files({ store: folder })],
    logLevel: 'error',
    obeyRobotsTxt: false,
    concurrentRequestsPerHost: 1,
    downloadDelayMs: 0,
    adaptivePace: false,
    ...(job && { jobDir: job }),
  },
});
crawler.signals.on('itemScraped', ({ item }) => void items.push(item));
const sampling = setInterval(() => {
  most = Math.max(most, rssAnon());
}, 10);
const { reason, error } = await crawler.run();
clearInterval(sampling);
if (error) throw error;
console.log(JSON.stringify({ reason, items, growth: Math.max(0, most - baseline) }));
