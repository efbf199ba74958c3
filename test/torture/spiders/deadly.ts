import { type ArgumentsOf, Request, type Response, Spider } from 'orbweaver';
import { DEADLY_ID, pageItem } from '../page-item.mjs';
import { ARGS, idOf, SETTINGS } from './site-page.ts';

/** One page kills the process, each time it is parsed. */
export default class DeadlySpider extends Spider<object, ArgumentsOf<typeof ARGS>> {
  static override args = ARGS;
  static override settings = SETTINGS;

  override *start() {
    yield new Request(`${this.args.base}/site/0`);
  }

  override *parse(response: Response) {
    if (idOf(response) === DEADLY_ID) process.kill(process.pid, 'SIGKILL');
    yield pageItem(idOf(response));
    yield* response.followAll('a');
  }
}
