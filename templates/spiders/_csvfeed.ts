import { type CsvRow, CsvFeedSpider, type Response } from 'orbweaver';

export default class {{className}} extends CsvFeedSpider {
  startUrls = ['{{url}}'];
  allowedDomains = ['{{domain}}'];
  // delimiter = ';';
  // headers = ['id', 'name'];

  *parseRow(response: Response, row: CsvRow) {
    yield { ...row };
  }
}
