import { type ArgumentsOf, Request, type Response, Spider } from 'orbweaver';
import { pageItem } from '../page-item.mjs';
import { ARGS, idOf, SETTINGS } from './site-page.ts';

/** One item for each page of the site, found by its links. */
export default class PagesSpider extends Spider<object, ArgumentsOf<typeof ARGS>> {
  static override args = ARGS;
  static override settings = SETTINGS;

  override *start() {
    yield new Request(`${this.args.base}/site/0`);
  }

  override *parse(response: Response) {
    yield pageItem(idOf(response));
    yield* response.followAll('a');
  }
}
