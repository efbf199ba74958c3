import { type Response, Spider } from 'orbweaver';

export default class {{className}} extends Spider {
  override startUrls = ['{{url}}'];
  override allowedDomains = ['{{domain}}'];

  override *parse(response: Response) {
    yield {
      url: response.url,
      title: response.css('title::text').get(),
    };
    // yield* response.followAll('a.next');
  }
}
