import { setTimeout as wait } from 'node:timers/promises';
import { type ArgumentsOf, Request, type Response, Spider } from 'orbweaver';
import { PAGES, pageItem } from '../page-item.mjs';
import { ARGS, idOf, SETTINGS } from './site-page.ts';

const BLOCK = 50;
const PAUSE_MS = 80;

/** Its start() knows every page and yields them slowly, in blocks; the pages are not asked for links. */
export default class SeedsSpider extends Spider<object, ArgumentsOf<typeof ARGS>> {
  static override args = ARGS;
  static override settings = SETTINGS;

  override async *start() {
    for (let id = 0; id < PAGES; id++) {
      if (id % BLOCK === 0) await wait(PAUSE_MS);
      yield new Request(`${this.args.base}/site/${id}`);
    }
  }

  override *parse(response: Response) {
    yield pageItem(idOf(response));
  }
}
