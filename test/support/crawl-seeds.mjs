// Crawls seeds in a job: node crawl-seeds.mjs '{"seeds","job","output"}'
import { Crawler, Spider } from '../../dist/src/index.js';

const { seeds, job, output } = JSON.parse(process.argv[2] ?? '{}');

class SeedsSpider extends Spider {
  *parse(response) {
    this.state.pages = (this.state.pages ?? 0) + 1;
    yield { url: response.url };
  }

  closed() {
    console.log(JSON.stringify({ pages: this.state.pages, read: this.stats.get('seeds/read') }));
  }
}

const { reason, error } = await new Crawler(SeedsSpider, {
  settings: {
    seeds,
    jobDir: job,
    logLevel: 'error',
    adaptivePace: false,
    order: 'fifo',
    feeds: { [output]: { format: 'jsonl' } },
  },
}).run();
if (error) throw error;
console.log(reason);
