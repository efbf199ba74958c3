import { type ArgumentsOf, Request, type Response, Spider } from 'orbweaver';
import { pageItem } from '../page-item.mjs';
import { ARGS, idOf, SETTINGS } from './site-page.ts';

/** Declares the columns of its table, which the command line cannot. */
export default class DeclaredSpider extends Spider<object, ArgumentsOf<typeof ARGS>> {
  static override args = ARGS;
  static override settings = {
    ...SETTINGS,
    feeds: { 'out/out.csv': { fields: ['id', 'title', 'text', 'note'], ifExists: 'overwrite' as const } },
  };

  override *start() {
    yield new Request(`${this.args.base}/site/0`);
  }

  override *parse(response: Response) {
    yield pageItem(idOf(response));
    yield* response.followAll('a');
  }
}
