/*
 * Memory over a long crawl: `npm run soak [-- --pages 200000] [--minutes 30] [--json FILE]`. One process crawls a site
 * on loopback with a job and a feed, through the `Crawler` that the command line runs; the site has a process of its
 * own. RssAnon is read each second. The baseline is its median over the tenth of the crawl that follows the first
 * 20,000 pages (a tenth of them in shorter runs); over the last tenth it may be 10 % more.
 */

import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Crawler, Request, Spider } from '../dist/src/index.js';
import { folderMb, option, percentile, rssAnonMb, startChild, writeJson } from './process-figures.mjs';

const LINKS = 20;
const FILLING = 'The page is as long as many are. '.repeat(32);

class Soak extends Spider {
  static spiderName = 'soak';

  async *start() {
    yield new Request(this.args.site);
  }

  async *parse(response) {
    yield { url: response.url, title: response.css('h1::text').get(), links: response.css('a').length };
    for (const href of response.css('a::attr(href)').getAll()) yield response.follow(href);
  }
}

async function parent() {
  const script = fileURLToPath(import.meta.url);
  const pages = Number(option('pages', 200_000));
  const timeoutMs = Number(option('minutes', 30)) * 60_000;
  const folder = await mkdtemp(join(tmpdir(), 'orbweaver-soak-'));
  const site = startChild(script, { role: 'site', pages }, { timeoutMs: timeoutMs + 60_000 });
  try {
    const port = await site.answered();
    const crawl = startChild(
      script,
      { role: 'crawl', port, folder, pages, timeoutMs },
      { timeoutMs: timeoutMs + 60_000 },
    );
    const result = await crawl.result;
    const judged = judge(result.samples, pages);
    report(pages, result, judged);
    writeJson({ pages, ...judged, ...result });
    if (!judged.isFlat || result.pages < pages) process.exitCode = 1;
  } finally {
    await site.ask('end').catch(() => {});
    await rm(folder, { recursive: true, force: true });
  }
}

/** Growth after the first pages, and its slope by least squares. */
function judge(samples, pages) {
  const from = Math.min(20_000, pages / 10);
  const settled = samples.filter((sample) => sample.pages >= from);
  const some = Math.max(1, Math.floor(settled.length / 10));
  const mid = (part) =>
    percentile(
      part.map(({ rssMb }) => rssMb),
      50,
    );
  const firstMb = mid(settled.slice(0, some));
  const lastMb = mid(settled.slice(-some));
  const growth = lastMb / firstMb - 1;
  return {
    from,
    firstMb,
    lastMb,
    growth,
    kbPerThousandPages: slope(settled) * 1024 * 1000,
    isFlat: growth < 0.1,
  };
}

/** MB a page. */
function slope(samples) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = mean(samples.map(({ pages }) => pages));
  const y = mean(samples.map(({ rssMb }) => rssMb));
  const up = samples.reduce((sum, { pages, rssMb }) => sum + (pages - x) * (rssMb - y), 0);
  return up / samples.reduce((sum, { pages }) => sum + (pages - x) ** 2, 0);
}

function report(pages, { pages: done, items, reason, seconds, cpuS, jobMb, feedMb, samples }, judged) {
  const { from, firstMb, lastMb, growth, kbPerThousandPages, isFlat } = judged;
  console.log(
    `Node ${process.versions.node}: ${done} of ${pages} pages, ${items} items, ended with ${reason}`,
  );
  console.log(
    `${seconds.toFixed(0)} s, ${(done / seconds).toFixed(0)} pages/s, CPU ${((cpuS * 1e6) / done).toFixed(0)} us a page; job ${jobMb.toFixed(0)} MB, feed ${feedMb.toFixed(0)} MB`,
  );
  const step = Math.max(1, Math.floor(samples.length / 20));
  for (const [at, sample] of samples.entries())
    if (at % step === 0)
      console.log(
        `  ${String(sample.pages).padStart(8)} pages  RssAnon ${sample.rssMb.toFixed(0).padStart(4)} MB  heap ${sample.heapMb.toFixed(0).padStart(4)} MB  queued ${sample.queued}`,
      );
  console.log(
    `RssAnon after ${from} pages ${firstMb.toFixed(0)} MB, at the end ${lastMb.toFixed(0)} MB: ${(growth * 100).toFixed(1)} %, ${kbPerThousandPages.toFixed(1)} KB a 1,000 pages: ${isFlat ? 'flat' : 'NOT FLAT'} (goal: under 10 %)`,
  );
}

async function crawl({ port, folder, pages, timeoutMs }) {
  const feed = join(folder, 'pages.jsonl');
  const crawler = new Crawler(Soak, {
    args: { site: `http://127.0.0.1:${port}/page/0` },
    settings: {
      jobDir: join(folder, 'job'),
      feeds: { [feed]: {} },
      concurrentRequests: 32,
      concurrentRequestsPerHost: 32,
      adaptivePace: false,
      logLevel: 'warn',
      statsDump: false,
      maxPages: pages,
    },
  });
  const samples = [];
  const sample = () => {
    const { pages: done, queued } = crawler.progress();
    samples.push({
      pages: done,
      queued,
      rssMb: rssAnonMb(),
      heapMb: process.memoryUsage().heapUsed / 1024 ** 2,
    });
  };
  const sampler = setInterval(sample, 1000);
  const end = setTimeout(() => crawler.stop('time'), timeoutMs);
  const startMs = performance.now();
  const result = await crawler.run();
  clearInterval(sampler);
  clearTimeout(end);
  sample();
  const { user, system } = process.cpuUsage();
  return {
    pages: result.pages,
    items: result.items,
    reason: result.reason,
    seconds: (performance.now() - startMs) / 1000,
    cpuS: (user + system) / 1e6,
    jobMb: folderMb(join(folder, 'job')),
    feedMb: (await stat(feed)).size / 1024 ** 2,
    samples,
  };
}

/** Page n leads to 2n + 1 and 2n + 2, so that all are found, and to pages that are known by then. */
async function serve({ pages }) {
  const server = createServer((request, response) => {
    const match = /^\/page\/(\d+)$/.exec(request.url ?? '');
    if (match === null) {
      response.writeHead(404).end();
      return;
    }
    const number = Number(match[1]);
    const links = [2 * number + 1, 2 * number + 2].filter((next) => next < pages);
    for (let link = links.length; link < LINKS; link++)
      links.push((number * 7919 + link * 104_729) % (number + 1));
    const anchors = links.map((to) => `<a href="/page/${to}">${to}</a>`).join(' ');
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end(
      `<!doctype html><title>${number}</title><h1>Page ${number}</h1><p>${FILLING}</p><p>${anchors}</p>`,
    );
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.send(server.address().port);
  await new Promise((resolve) => process.once('message', resolve));
  process.disconnect();
  server.closeAllConnections();
  server.close();
  return {};
}

const at = process.argv.indexOf('--child');
if (at < 0) await parent();
else {
  const task = JSON.parse(process.argv[at + 1]);
  console.log(JSON.stringify(task.role === 'site' ? await serve(task) : await crawl(task)));
  if (task.role === 'crawl') process.disconnect();
}
