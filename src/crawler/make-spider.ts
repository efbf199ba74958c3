import type { Spider, SpiderClass } from '../spider/spider.ts';
import { loadFault } from './load-fault.ts';

/** @throws SpiderLoadError, with the place in the user's code, where the constructor throws. */
export function makeSpider<Item extends object, Args extends object>(
  spiderClass: SpiderClass<Item, Args>,
  name: string,
): Spider<Item, Args> {
  try {
    return new spiderClass();
  } catch (error) {
    throw loadFault(`spider ${name}`, error);
  }
}
