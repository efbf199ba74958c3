import { type CsvRow, CsvFeedSpider, type Response } from 'orbweaver';

export default class {{className}} extends CsvFeedSpider {
  override startUrls = ['{{url}}'];
  override allowedDomains = ['{{domain}}'];
  // delimiter = ';';
  // headers = ['id', 'name'];

  override *parseRow(response: Response, row: CsvRow) {
    yield { ...row };
  }
}
