import { CrawlSpider, type Response, type Rule } from 'orbweaver';

export default class {{className}} extends CrawlSpider {
  override startUrls = ['{{url}}'];
  override allowedDomains = ['{{domain}}'];

  // The first rule that takes a link decides what becomes of the page behind it.
  override rules: Rule[] = [
    { linkExtractor: { allow: /\/item/ }, callback: this.parseItem },
    // Other pages are only searched for links.
    { linkExtractor: {} },
  ];

  *parseItem(response: Response) {
    yield {
      url: response.url,
      title: response.css('title::text').get(),
    };
  }
}
