import { setTimeout as wait } from 'node:timers/promises';
import { type ArgumentsOf, Request, type Response, Spider } from 'orbweaver';
import { pageItem } from '../page-item.mjs';
import { ARGS, idOf, SETTINGS } from './site-page.ts';

const EVERY = 40;
const WORK_MS = 700;

/** Some callbacks take long, so that an orderly stop has something to wait for when the second signal comes. */
export default class SlowSpider extends Spider<object, ArgumentsOf<typeof ARGS>> {
  static override args = ARGS;
  static override settings = SETTINGS;

  override *start() {
    yield new Request(`${this.args.base}/site/0`);
  }

  override async *parse(response: Response) {
    yield* response.followAll('a');
    if (idOf(response) % EVERY === 0) await wait(WORK_MS);
    yield pageItem(idOf(response));
  }
}
