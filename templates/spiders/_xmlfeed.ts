import { type Response, type Selector, XmlFeedSpider } from 'orbweaver';

export default class {{className}} extends XmlFeedSpider {
  startUrls = ['{{url}}'];
  allowedDomains = ['{{domain}}'];
  iterTag = 'item';

  *parseNode(response: Response, node: Selector) {
    yield {
      title: node.xpath('title/text()').get(),
      link: node.xpath('link/text()').get(),
    };
  }
}
