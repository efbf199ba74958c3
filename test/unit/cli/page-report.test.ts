import { describe, expect, it } from 'vitest';
import { pageLinks, pageReport } from '../../../src/cli/page-report.ts';
import { Response } from '../../../src/values/response.ts';

const page = new Response('http://site.test/a/', {
  headers: { 'content-type': 'text/html' },
  body: `<html lang="en"><head><title> The
    page</title><meta name="Description" content="About"><meta name="__proto__" content="x">
    <link rel="canonical" href="/a"><script type="application/ld+json">{"@type":"Book"}</script>
    <script type="application/ld+json">{broken</script></head>
    <body><main><h1>One</h1><h3>Two <b>b</b></h3><a href="b#x">b</a><a href="b#y">b</a><a href="javascript:x">x</a>
    <a href="/f.pdf">f</a></main></body></html>`,
});

describe('pageReport', () => {
  it('tells what is to be known of a page', () => {
    const { meta, ...report } = pageReport(page);
    expect(report).toEqual({
      url: 'http://site.test/a/',
      status: 200,
      type: 'text/html',
      title: 'The page',
      description: 'About',
      language: 'en',
      canonical: 'http://site.test/a',
      headings: [
        { level: 1, text: 'One' },
        { level: 3, text: 'Two b' },
      ],
      markdown: expect.stringMatching(/^# One\n\n### Two \*\*b\*\*/),
      links: ['http://site.test/a/b', 'http://site.test/f.pdf'],
      jsonLd: [{ '@type': 'Book' }],
    });
    expect(Object.keys(meta as object)).toEqual(['description', '__proto__']);
  });

  it('gives text that is no page as it is, and of binary bodies the facts only', () => {
    const text = new Response('http://site.test/a', {
      headers: { 'content-type': 'text/plain' },
      body: 'hello',
    });
    expect(pageReport(text)).toMatchObject({ type: 'text/plain', text: 'hello' });
    const image = new Response('http://site.test/a.png', { body: new Uint8Array([0x89, 0x50, 0, 1]) });
    expect(pageReport(image)).toEqual({ url: 'http://site.test/a.png', status: 200, type: null });
    expect(pageLinks(image)).toEqual([]);
  });
});
