import { Request, type Response, Spider } from 'orbweaver';

/** A practice shop: every list page leads to books and to the next page. */
export default class BooksSpider extends Spider {
  override startUrls = ['https://books.toscrape.com/'];

  // `crawl books -a base=http://127.0.0.1:8000/` crawls the shop that `crawl sandbox` serves on this machine,
  // `crawl books --seeds urls.txt` starts from the pages that a file names.
  override async *start() {
    const { base } = this.args;
    if (base === undefined) yield* this.seeds();
    else yield new Request(String(base));
  }

  override *parse(response: Response) {
    yield* response.followAll('article.product_pod h3 a', { callback: this.parseBook });
    yield* response.followAll('li.next a');
  }

  *parseBook(response: Response) {
    yield {
      url: response.url,
      title: response.css('h1::text').get(),
      price: response.css('.product_main .price_color::text').get(),
      category: response.css('.breadcrumb li:nth-child(3) a::text').get(),
    };
  }
}
