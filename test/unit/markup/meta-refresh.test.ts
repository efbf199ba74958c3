import { describe, expect, it } from 'vitest';
import { metaRefresh } from '../../../src/markup/meta-refresh.ts';

const refresh = (content: string): unknown =>
  metaRefresh(`<meta http-equiv="Refresh" content="${content}">`, 'http://site.test/a/');

describe('metaRefresh', () => {
  it.each([
    ['5; url=b', 5, 'http://site.test/a/b'],
    ['0;URL=/c', 0, 'http://site.test/c'],
    ["1.5, url='d e'", 1.5, 'http://site.test/a/d%20e'],
    ['2 http://other.test/', 2, 'http://other.test/'],
    ['0; url=/x?a=1&amp;b=2', 0, 'http://site.test/x?a=1&b=2'],
  ])('reads %j', (content, seconds, url) => {
    expect(refresh(content)).toEqual({ seconds, url });
  });

  it.each(['5', 'url=b', '', '3;'])('finds no address in %j', (content) => {
    expect(refresh(content)).toBeNull();
  });

  it('passes over comments, scripts and noscript, unless told', () => {
    const meta = '<meta http-equiv=refresh content="0;url=/n">';
    expect(metaRefresh(`<!--${meta}--><script>${meta}</script>`, 'http://site.test/')).toBeNull();
    expect(metaRefresh(`<noscript>${meta}</noscript>`, 'http://site.test/')).toBeNull();
    expect(metaRefresh(`<noscript>${meta}</noscript>`, 'http://site.test/', { ignoreTags: [] })).toEqual({
      seconds: 0,
      url: 'http://site.test/n',
    });
  });
});
