import { type Response, type Selector, XmlFeedSpider } from 'orbweaver';

export default class {{className}} extends XmlFeedSpider {
  override startUrls = ['{{url}}'];
  override allowedDomains = ['{{domain}}'];
  override iterTag = 'item';

  override *parseNode(response: Response, node: Selector) {
    yield {
      title: node.xpath('title/text()').get(),
      link: node.xpath('link/text()').get(),
    };
  }
}
