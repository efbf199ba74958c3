import { type Response, Spider } from 'orbweaver';

export default class {{className}} extends Spider {
  startUrls = ['{{url}}'];
  allowedDomains = ['{{domain}}'];

  *parse(response: Response) {
    yield {
      url: response.url,
      title: response.css('title::text').get(),
    };
    // yield* response.followAll('a.next');
  }
}
