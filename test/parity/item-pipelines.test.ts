import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  CloseCrawlError,
  type ComponentListEditor,
  drop,
  type Factory,
  type ItemPipeline,
  named,
  Spider,
} from '../../src/index.ts';
import { runSpider } from './run-spider.ts';
import { site } from './site.ts';

/** One page that gives numbers. */
function numbers(count: number, pipelines: readonly Factory<ItemPipeline>[] = []) {
  return class Numbers extends Spider {
    static override pipelines = pipelines;
    override startUrls = ['data:text/html,x'];
    override *parse() {
      for (let n = 1; n <= count; n++) yield { n };
    }
  };
}

/** Writes its name on each item that passes. */
const mark = (name: string): Factory<ItemPipeline> =>
  named(name, () => ({
    name,
    processItem: ({ marks = '', ...item }) => ({ ...item, marks: `${String(marks)}${name}` }),
  }));

describe('item pipelines', () => {
  it('pass items on in order, changed, as they are, or not at all', async () => {
    const steps: Factory<ItemPipeline>[] = [
      () => ({ name: 'odd', processItem: ({ n }) => (Number(n) % 2 === 0 ? drop('even') : undefined) }),
      () => ({
        name: 'later',
        async processItem(item) {
          await setImmediate();
          return { ...item, double: Number(item.n) * 2 };
        },
      }),
      () => ({ name: 'text', processItem: (item) => ({ ...item, text: `${String(item.double)}!` }) }),
    ];
    const { items, stats } = await runSpider(numbers(4, steps));
    expect(items).toEqual([
      { n: 1, double: 2, text: '2!' },
      { n: 3, double: 6, text: '6!' },
    ]);
    expect(stats).toMatchObject({ 'item/scraped': 2, 'item/dropped': 2, 'item/dropped/even': 2 });
  });

  it('are opened before the first request and closed before the spider is, in reverse order', async () => {
    const { url, arrived } = await site({ '/': 'x' });
    const events: string[] = [];
    const step = (name: string): Factory<ItemPipeline> => {
      const note = async (event: string) => {
        await setImmediate();
        events.push(`${event} ${name} after ${arrived.length}`);
      };
      return () => ({ name, open: () => note('open'), close: (reason) => note(`${reason}: close`) });
    };
    class One extends Spider {
      static override pipelines = [step('a'), step('b')];
      override startUrls = [url('/')];
      override parse() {}
      override closed() {
        events.push('closed()');
      }
    }
    await runSpider(One, {
      onCrawler: ({ signals }) => signals.on('spiderClosed', () => void events.push('spiderClosed')),
    });
    expect(events).toEqual([
      'open a after 0',
      'open b after 0',
      'finished: close b after 1',
      'finished: close a after 1',
      'closed()',
      'spiderClosed',
    ]);
  });

  it('are a list that a spider edits by name', async () => {
    const settings = { pipelines: [mark('a'), mark('b')] };
    const One = numbers(1);
    expect((await runSpider(One, { settings })).items).toEqual([{ n: 1, marks: 'ab' }]);
    class Other extends Spider {
      static override pipelines = (list: ComponentListEditor) =>
        list.without('a').insertBefore('b', mark('c')).append(mark('d'));
      override startUrls = ['data:text/html,x'];
      override parse() {
        return { n: 1 };
      }
    }
    expect((await runSpider(Other, { settings })).items).toEqual([{ n: 1, marks: 'cbd' }]);
  });

  it('work on concurrentItems at once', async () => {
    let running = 0;
    let most = 0;
    const slow: Factory<ItemPipeline> = () => ({
      name: 'slow',
      async processItem() {
        most = Math.max(most, ++running);
        for (let turn = 0; turn < 20; turn++) await setImmediate();
        running -= 1;
      },
    });
    const Many = numbers(150, [slow]);
    expect((await runSpider(Many)).items).toHaveLength(150);
    expect(most).toBe(100);
    most = 0;
    expect((await runSpider(Many, { settings: { concurrentItems: 7 } })).items).toHaveLength(150);
    expect(most).toBe(7);
  });

  it('drop at a log level of their own, or that of a setting', async () => {
    const steps: Factory<ItemPipeline>[] = [
      () => ({
        name: 'judge',
        processItem: ({ n }) => (n === 1 ? drop('plain') : drop('loud', { logLevel: 'error' })),
      }),
    ];
    const levels = async (settings: object) => {
      const { logger } = await runSpider(numbers(2, steps), { settings });
      return logger.records
        .filter(({ message }) => message.startsWith('item dropped'))
        .map(({ level, message }) => `${level} ${message}`);
    };
    expect(await levels({})).toEqual(['debug item dropped: plain', 'error item dropped: loud']);
    expect(await levels({ dropLogLevel: 'warn' })).toEqual([
      'warn item dropped: plain',
      'error item dropped: loud',
    ]);
  });

  it('may end the crawl before it begins', async () => {
    const { url, paths } = await site({ '/': 'x' });
    class One extends Spider {
      static override pipelines: Factory<ItemPipeline>[] = [
        () => ({
          name: 'hours',
          open() {
            throw new CloseCrawlError('closed on Sundays');
          },
        }),
      ];
      override startUrls = [url('/')];
      override parse() {}
    }
    const { result } = await runSpider(One);
    expect(result.reason).toBe('closed on Sundays');
    expect(result.error).toBeUndefined();
    expect(paths).toEqual([]);
  });
});
