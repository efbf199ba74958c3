import { describe, expect, it } from 'vitest';
import { Response } from '../../../src/values/response.ts';

const page = (body: string) =>
  new Response('http://a.test/', { headers: { 'content-type': 'text/html' }, body });

describe('$().text()', () => {
  it('is what cheerio gives', () => {
    const { $ } = page('<body>a<p>b<!-- c --><b>d</b><script>e</script></p><p>f</p><!-- g --></body>');
    expect($('p').text()).toBe('bdef');
    expect($('b, p').text()).toBe('bdedf');
    expect($('body').contents().text()).toBe('abdef');
    expect($.root().text()).toBe('abdef');
    expect($('i').text()).toBe('');
    expect($('p').text('new').first().text()).toBe('new');
    expect(
      $('p')
        .text((at, text) => `${at}${text}`)
        .text(),
    ).toBe('0new1new');
  });

  it('does not mind how deep an element is', () => {
    const text = 'x'.repeat(1000);
    const { $ } = page(`${'<div>'.repeat(5000)}${text}`);
    expect($('body').text()).toBe(text);
  });

  it('is seen by selectors when it was set', () => {
    const response = page('<p>a<b>b</b></p>');
    response.$('p').text('c');
    expect([response.css('b').length, response.css('p::text').get()]).toEqual([0, 'c']);
  });
});
