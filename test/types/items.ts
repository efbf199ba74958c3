import { crawl, type ItemPipeline, Request, type Response, Spider } from '../../src/index.ts';

interface Book {
  readonly title: string;
  readonly price?: number;
}

export class RightItems extends Spider<Book> {
  override async *parse(response: Response) {
    yield { title: response.css('h1::text').get() ?? '', price: 1 };
    yield { title: 'no price' };
    yield response.follow('/next');
    yield null;
  }
}

export class RightReturn extends Spider<Book> {
  override async start() {
    return [new Request('https://site.test/'), { title: 'first' }];
  }
  override parse(response: Response) {
    return { title: response.url };
  }
}

export class WrongName extends Spider<Book> {
  // @ts-expect-error Type '{ titel: string; }' is not assignable to type 'Output<NoInfer<Book>>'
  override *parse() {
    yield { titel: 'wrong' };
  }
}

export class WrongType extends Spider<Book> {
  // @ts-expect-error Type 'string' is not assignable to type 'number'
  override async *parse() {
    yield { title: 'right', price: '1' };
  }
}

export class WrongReturn extends Spider<Book> {
  // @ts-expect-error Property 'title' is missing in type '{ price: number; }'
  override async parse() {
    return [{ price: 1 }];
  }
}

export class NoObject extends Spider {
  // @ts-expect-error Property 'parse' in type 'NoObject' is not assignable
  override *parse() {
    yield 'a text is no item';
  }
}

export async function titles(): Promise<string[]> {
  const found: string[] = [];
  for await (const item of crawl(RightItems)) {
    found.push(item.title);
    // @ts-expect-error Property 'titel' does not exist on type 'Book'
    found.push(item.titel);
  }
  return found;
}

export const pipeline: ItemPipeline<Book> = {
  name: 'prices',
  processItem(item) {
    // @ts-expect-error Property 'prize' does not exist on type 'Book'
    const { prize } = item;
    return { ...item, price: prize ?? 0 };
  },
};

export const wrongPipeline: ItemPipeline<Book> = {
  name: 'wrong',
  // @ts-expect-error Type 'string' is not assignable to type 'Outcome<
  processItem: (item) => item.title,
};
