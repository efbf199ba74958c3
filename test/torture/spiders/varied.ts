import { type ArgumentsOf, Request, type Response, Spider } from 'orbweaver';
import { variedItem } from '../page-item.mjs';
import { ARGS, idOf, SETTINGS } from './site-page.ts';

/** Its items have fields of their own, so that the columns of a table are known at the end only. */
export default class VariedSpider extends Spider<object, ArgumentsOf<typeof ARGS>> {
  static override args = ARGS;
  static override settings = SETTINGS;

  override *start() {
    yield new Request(`${this.args.base}/site/0`);
  }

  override *parse(response: Response) {
    yield variedItem(idOf(response));
    yield* response.followAll('a');
  }
}
