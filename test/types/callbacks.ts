import { drop, type Failure, type Output, Request, type Response, Spider } from '../../src/index.ts';

/** Callbacks that name themselves and each other, in every form: none needs an annotation. */
export class RightCallbacks extends Spider {
  override startUrls = ['https://site.test/'];

  override async *parse(response: Response) {
    yield* response.followAll('article h3 a', { callback: this.parseBook });
    yield* response.followAll('li.next a', { callback: this.parse });
    yield* response.followAll('li.next a');
  }

  *parseBook(response: Response) {
    yield { title: response.css('h1::text').get() };
    yield response.follow('/list', { callback: this.parse, errback: this.failed });
    yield response.follow('/next', { callback: this.parseBook });
    yield response.follow('/author', { callback: this.parseAuthor, cbKwargs: { shelf: 1 } });
    yield new Request('https://site.test/', { callback: this.arrow, errback: 'failed' });
  }

  *parseAuthor(response: Response, { shelf }: { shelf: number }) {
    yield { shelf };
    yield response.follow('/more', { callback: this.parseAuthor, cbKwargs: { shelf: shelf + 1 } });
  }

  async parseList(response: Response) {
    const page = await this.fetch(response.follow('/page'));
    return [{ url: page.url }, response.follow('/other', { callback: this.parseList })];
  }

  arrow = (response: Response) => response.follow('/arrow', { callback: this.arrow });
  ping = (response: Response) => [response.follow('/pong', { callback: this.pong })];
  pong = async (response: Response) => response.follow('/ping', { callback: this.ping });
  waiting = async function* (this: RightCallbacks, response: Response) {
    yield response.follow('/waiting', { callback: this.waiting });
  };

  *failed(failure: Failure) {
    yield failure.request.replace({ callback: this.parse, errback: this.failed, dontFilter: true });
  }

  nothing() {}
  unused = (response: Response) => response.follow('/x', { callback: this.nothing });
}

/** A callback may say what it gives. */
export class AnnotatedCallbacks extends Spider<{ title: string }> {
  override *parse(response: Response): Iterable<Output<{ title: string }>> {
    yield { title: 'right' };
    yield response.follow('/x', { callback: this.parse });
    // @ts-expect-error Type 'number' is not assignable to type 'string'
    yield { title: 1 };
  }
}

/** What is dropped has no fields, and so fits every kind of item. */
export class DroppingCallbacks extends Spider<{ title: string }> {
  override *parse(response: Response) {
    const title = response.css('h1::text').get();
    yield title === null ? drop('no title') : { title };
    if (title === 'x') return drop('x');
    yield response.follow('/x', { callback: this.parseOne });
  }

  parseOne(response: Response) {
    const title = response.css('h1::text').get();
    return title === null ? drop('no title', { logLevel: 'warn' }) : { title };
  }
}

export class WrongCallbacks extends Spider {
  override *parse(response: Response) {
    // @ts-expect-error Type '(page: number) => { page: number; }' is not assignable to type 'string | Callback
    yield response.follow('/x', { callback: this.takesNumber });
    // @ts-expect-error Type '(page: number) => { page: number; }' is not assignable to type 'string | Callback
    yield* response.followAll('a', { callback: this.takesNumber });
    // @ts-expect-error Type '(page: number) => { page: number; }' is not assignable to type 'string | Callback
    yield new Request('https://site.test/', { callback: this.takesNumber });
    // @ts-expect-error Type 'string' is not assignable to type 'number'
    yield response.follow('/x', { callback: this.parseShelf, cbKwargs: { shelf: 'one' } });
    // @ts-expect-error 'shelves' does not exist in type '{ shelf: number; }'
    yield response.follow('/x', { callback: this.parseShelf, cbKwargs: { shelves: 1 } });
    // @ts-expect-error Type '(failure: Failure) =>
    yield response.follow('/x', { callback: this.failed });
    // @ts-expect-error Type '(response: Response) =>
    yield response.follow('/x', { errback: this.parse });
    // @ts-expect-error Type '{ page: number; }' is not assignable to type 'string | Callback
    yield response.follow('/x', { callback: this.takesNumber(1) });
    // @ts-expect-error Property 'parseBok' does not exist
    yield response.follow('/x', { callback: this.parseBok });
    // @ts-expect-error 'callBack' does not exist
    yield response.follow('/x', { callBack: this.failed });
  }

  takesNumber(page: number) {
    return { page };
  }

  *parseShelf(_response: Response, { shelf }: { shelf: number }) {
    yield { shelf };
  }

  *failed(failure: Failure) {
    yield { url: failure.request.url };
  }
}

export class WrongParse extends Spider {
  // @ts-expect-error Property 'parse' in type 'WrongParse' is not assignable
  override parse(page: number) {
    return { page };
  }
}

export class WrongStart extends Spider {
  // @ts-expect-error Property 'startUrls' in type 'WrongStart' is not assignable
  override startUrls = 'https://site.test/';
  // @ts-expect-error Property 'closed' in type 'WrongStart' is not assignable
  override closed(reason: number) {
    this.logger.info(`${reason}`);
  }
}
