import { encodeText, LinkExtractor, type LinkExtractorOptions, Response } from '../../src/index.ts';
import { cases } from './load.ts';

interface Page {
  readonly html: string;
  readonly url: string;
  readonly encoding?: string;
  readonly options: Omit<LinkExtractorOptions, 'restrictXpath'> & {
    readonly restrictXpaths?: string | string[];
  };
}

cases<Page>(
  'link-extraction',
  ({ html, url, encoding = 'utf-8', options: { restrictXpaths, ...options } }) => {
    const response = new Response(url, {
      headers: { 'content-type': `text/html; charset=${encoding}` },
      body: encodeText(html, encoding),
    });
    const extractor = new LinkExtractor({
      ...options,
      ...(restrictXpaths && { restrictXpath: restrictXpaths }),
    });
    return extractor
      .extractLinks(response)
      .map(({ url: to, text, nofollow }) => ({ url: to, text, nofollow }));
  },
);
