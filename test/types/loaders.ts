import {
  ItemLoader,
  type LoaderFields,
  mapCompose,
  type Response,
  Spider,
  takeFirst,
} from '../../src/index.ts';

interface Book {
  title: string;
  price?: number;
}

export class RightLoader extends ItemLoader<Book> {
  static override fields: LoaderFields<Book> = {
    title: { in: mapCompose((text: string) => text.trim()), out: takeFirst() },
    price: { in: mapCompose(Number), out: (prices: number[]) => Math.max(...prices) },
  };
}

export class RightSpider extends Spider<Book> {
  override *parse(response: Response) {
    yield new RightLoader({ response }).addCss('title', 'h1::text').loadItem();
  }
}

export const wrongOutput: LoaderFields<Book> = {
  // @ts-expect-error Type 'string' is not assignable to type 'number'
  price: { out: () => 'dear' },
};

export const wrongDeclaration: LoaderFields<Book> = {
  // @ts-expect-error 'titel' does not exist in type 'LoaderFields<Book>'
  titel: { out: takeFirst() },
};

export function wrongField(loader: RightLoader): void {
  // @ts-expect-error Argument of type '"titel"' is not assignable to parameter of type '"title" | "price"'
  loader.addCss('titel', 'h1::text');
}

export const title: string = new RightLoader().loadItem().title;
