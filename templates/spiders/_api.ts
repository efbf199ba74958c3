import { Request, type Response, Spider } from 'orbweaver';

interface Page {
  readonly items: readonly Record<string, unknown>[];
  /** Address of the next page, if there is one. */
  readonly next?: string | null;
}

export default class {{className}} extends Spider {
  override startUrls = ['{{url}}'];
  override allowedDomains = ['{{domain}}'];

  override *parse(response: Response) {
    const page = response.json<Page>();
    yield* page.items;
    if (page.next) yield new Request(response.urlJoin(page.next));
  }
}
