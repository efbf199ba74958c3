import { type ArgumentsOf, Request, type Response, Spider } from 'orbweaver';
import { pageItem } from '../page-item.mjs';
import { ARGS, idOf, SETTINGS } from './site-page.ts';

/** Its start requests pass the duplicate filter, in every run; a job must not fetch them again for that. */
export default class DontFilterSpider extends Spider<object, ArgumentsOf<typeof ARGS>> {
  static override args = ARGS;
  static override settings = SETTINGS;

  override *start() {
    for (const id of [0, 1, 2]) yield new Request(`${this.args.base}/site/${id}`, { dontFilter: true });
  }

  override *parse(response: Response) {
    yield pageItem(idOf(response));
    yield* response.followAll('a');
  }
}
