import { describe, expect, it } from 'vitest';
import { checkComponent } from '../../../src/crawler/check-component.ts';

describe('checkComponent', () => {
  it('takes components with hooks of ours', () => {
    const hooks = { name: 'mine', processStart() {}, processRequest() {}, processItem() {}, open() {} };
    for (const list of ['pipelines', 'downloaderMiddlewares', 'spiderMiddlewares', 'extensions'] as const)
      expect(checkComponent(list, 'mine', hooks)).toBe(hooks);
  });

  it.each([
    ['pipelines', 'process_item', 'processItem(item, origin)'],
    ['pipelines', 'open_spider', 'open()'],
    ['pipelines', 'closeSpider', 'close(reason)'],
    ['downloaderMiddlewares', 'process_request', 'processRequest(request, unit)'],
    ['spiderMiddlewares', 'process_spider_output', 'processOutput(output, unit)'],
    ['spiderMiddlewares', 'processSpiderInput', 'processInput(response, unit)'],
    ['schedulerMiddlewares', 'open_spider', 'open()'],
    ['extensions', 'close_spider', 'close(reason)'],
  ] as const)('says of %s what %s is here', (list, theirs, ours) => {
    expect(() => checkComponent(list, 'mine', { [theirs]: () => {} })).toThrow(
      `${list}: mine: ${theirs} is ${ours} here`,
    );
  });

  it('refuses what is no object', () => {
    class MyPipeline {}
    for (const [given, words] of [
      [MyPipeline, 'a function'],
      [null, 'null'],
      [7, '7'],
    ])
      expect(() => checkComponent('pipelines', 'mine', given)).toThrow(
        `pipelines: mine gives ${words}; it has to give an object with the hooks`,
      );
  });
});
