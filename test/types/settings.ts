import { cookies } from '../../middlewares/index.ts';
import { Crawler, type PartialSettings, type Settings, Spider } from '../../src/index.ts';

export const right: PartialSettings = {
  maxPages: 5,
  downloadDelayMs: 'auto',
  order: 'fifo',
  proxy: undefined,
  feeds: { 'books.csv': { fields: ['title'] } },
  downloaderMiddlewares: (list) => list.without('retry').insertBefore('cookies', cookies()),
  pipelines: [() => ({ name: 'mine' })],
};

export const wrong: PartialSettings = {
  // @ts-expect-error 'maxPage' does not exist in type 'PartialSettings'
  maxPage: 5,
};

export const wrongValues: PartialSettings = {
  // @ts-expect-error Type 'string' is not assignable to type 'number'
  maxPages: '5',
  // @ts-expect-error Type '"fast"' is not assignable to type 'number | "auto"
  downloadDelayMs: 'fast',
  // @ts-expect-error Type '"random"' is not assignable to type '"lifo" | "fifo"
  order: 'random',
  // @ts-expect-error 'feilds' does not exist in type 'FeedOptions'
  feeds: { 'books.csv': { feilds: ['title'] } },
  // @ts-expect-error 'name' does not exist in type 'ListedFactory'
  pipelines: [{ name: 'an instance' }],
  // @ts-expect-error Property 'remove' does not exist on type 'ComponentListEditor'
  downloaderMiddlewares: (list) => list.remove('retry'),
};

export class RightSpider extends Spider {
  static override settings: PartialSettings = { maxPages: 5, order: 'fifo' };
}

export class RightBareSpider extends Spider {
  static override settings = { maxPages: 5, concurrentRequests: 2 };
}

// @ts-expect-error Type '{ maxPage: number; }' has no properties in common with type 'PartialSettings'
export class WrongSettingName extends Spider {
  static override settings = { maxPage: 5 };
}

// @ts-expect-error Type 'string' is not assignable to type 'number'
export class WrongSettingValue extends Spider {
  static override settings = { maxPages: '5' };
}

// @ts-expect-error Type 'string' is not assignable to type '"lifo" | "fifo"
export class BareWord extends Spider {
  static override settings = { order: 'fifo' };
}

export class WrongAnnotated extends Spider {
  // @ts-expect-error 'maxDeep' does not exist in type 'PartialSettings'
  static override settings: PartialSettings = { maxPages: 5, maxDeep: 1 };
}

// @ts-expect-error 'maxDeep' does not exist in type 'PartialSettings'
export const crawler = new Crawler(RightSpider, { settings: { maxDeep: 1 } });

export function frozen(settings: Settings): void {
  // @ts-expect-error Cannot assign to 'maxPages' because it is a read-only property
  settings.maxPages = 1;
}
