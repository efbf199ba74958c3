// Crawls a site of numbered pages into a table: node crawl-into-table.mjs '{"origin","pages","pipeline","options"}'
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { postgres, sqlite } from '../../dist/pipelines/index.js';
import { Crawler, Request, Spider } from '../../dist/src/index.js';

const { origin, pages, pipeline, options } = JSON.parse(process.argv[2] ?? '{}');
const elsewhere = process.env.ORBWEAVER_TEST_BETTER_SQLITE3;
if (pipeline === 'sqlite' && elsewhere && process.getBuiltinModule('node:sqlite') === undefined) {
  options.driver = createRequire(join(elsewhere, 'x.js'))('better-sqlite3');
}

class PagesSpider extends Spider {
  static pipelines = [(pipeline === 'sqlite' ? sqlite : postgres)(options)];

  *start() {
    for (let page = 0; page < pages; page++) yield new Request(`${origin}/${page}`);
  }

  *parse(response) {
    yield { url: response.url, part: 1 };
    yield { url: response.url, part: 2 };
  }
}

const { reason, error } = await new Crawler(PagesSpider, { settings: { logLevel: 'error' } }).run();
if (error) throw error;
console.log(reason);
