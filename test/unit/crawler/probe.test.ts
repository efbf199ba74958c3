import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { probe } from '../../../src/crawler/probe.ts';
import { silentLogger } from '../../../src/logging/silent-logger.ts';
import type { PartialSettings } from '../../../src/settings/settings.ts';
import { Spider, type SpiderClass } from '../../../src/spider/spider.ts';
import { temporaryFolder } from '../../parity/temporary-folder.ts';

const look = <Item extends object, Args extends object>(
  spider: SpiderClass<Item, Args>,
  settings: PartialSettings = {},
) =>
  probe(spider, {
    logger: silentLogger,
    layers: [{ source: 'test', settings }],
    observer: { request: () => true, item: () => true, again: () => {} },
  });

class Page extends Spider {
  override startUrls = ['data:text/html,<p>'];
  override parse() {
    return { a: 1 };
  }
}

describe('probe', () => {
  it('writes nothing of what updateSettings() of the spider gives', async () => {
    const folder = temporaryFolder();
    class Writing extends Page {
      static override updateSettings(): PartialSettings {
        return { feeds: { [join(folder, 'out.jsonl')]: {} }, jobDir: join(folder, 'job'), maxDepth: 3 };
      }
    }
    const crawler = look(Writing);
    await crawler.run();
    expect(readdirSync(folder)).toEqual([]);
    expect(crawler.settings.maxDepth).toBe(3);
  });

  it('writes nothing of what add-ons give', async () => {
    const folder = temporaryFolder();
    const addOn = {
      name: 'writing',
      feeds: { [join(folder, 'out.jsonl')]: {} },
      updateSettings(): PartialSettings {
        return { feeds: this.feeds, jobDir: join(folder, 'job'), maxDepth: 3 };
      },
    };
    const crawler = look(Page, { addons: [addOn] });
    await crawler.run();
    expect(readdirSync(folder)).toEqual([]);
    expect(crawler.settings.maxDepth).toBe(3);
  });

  it('tells of an updateSettings() that gives a promise, and of a bad add-on', () => {
    class Late extends Page {
      static override updateSettings(): PartialSettings {
        return Promise.resolve({}) as PartialSettings;
      }
    }
    expect(() => look(Late)).toThrow('updateSettings() must give settings, and at once');
    expect(() => look(Page, { addons: ['x'] as never })).toThrow('addons');
  });
});
