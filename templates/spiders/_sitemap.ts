import { type Response, type SitemapRule, SitemapSpider } from 'orbweaver';

export default class {{className}} extends SitemapSpider {
  // The robots.txt of a site names its sitemaps; addresses of sitemaps do as well.
  override sitemapUrls = [new URL('/robots.txt', '{{url}}').href];
  override allowedDomains = ['{{domain}}'];

  // The first that matches an address counts; other addresses are left out.
  override sitemapRules: SitemapRule[] = [['/', this.parsePage]];

  *parsePage(response: Response) {
    yield {
      url: response.url,
      title: response.css('title::text').get(),
    };
  }
}
