import { type ContractsOf, type Response, Spider } from '../../src/index.ts';

/** Contracts are named after callbacks, which may be generators that name each other. */
export class RightContracts extends Spider {
  static override contracts: ContractsOf<RightContracts> = {
    parse: { url: 'https://site.test/', returns: { requests: [20, 40] } },
    parseBook: [{ url: 'https://site.test/1', scrapes: ['title'], cbKwargs: { shelf: 1 } }],
  };

  override *parse(response: Response) {
    yield* response.followAll('h3 a', { callback: this.parseBook });
  }

  *parseBook(response: Response, { shelf }: { shelf: number }) {
    yield { title: response.css('h1::text').get(), shelf };
    yield response.follow('/list', { callback: this.parse });
  }
}

export class WrongContracts extends Spider {
  static override contracts: ContractsOf<WrongContracts> = {
    // @ts-expect-error 'prase' does not exist
    prase: { url: 'https://site.test/' },
  };
}
