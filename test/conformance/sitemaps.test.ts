import { Response, readSitemap } from '../../src/index.ts';
import { cases } from './load.ts';

interface File {
  readonly xml?: string;
  readonly bodyBase64?: string;
}

cases<File>('sitemaps', ({ xml = '', bodyBase64 }) => {
  const body = bodyBase64 === undefined ? xml : Buffer.from(bodyBase64, 'base64');
  const response = new Response('http://a.test/sitemap.xml', {
    headers: { 'content-type': 'text/xml' },
    body,
  });
  const { type, entries } = readSitemap(response.text);
  return { type, entries: [...entries] };
});
