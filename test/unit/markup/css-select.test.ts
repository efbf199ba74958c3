import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { cheerioFor } from '../../../src/markup/load-cheerio.ts';
import { isElement } from '../../../src/markup/node.ts';
import { Selector } from '../../../src/markup/selector.ts';

const html = (text: string): Selector => new Selector({ text, type: 'html' });

it('keeps texts in their elements a hundred thousand levels down', () => {
  const deep = html(`${'<div>'.repeat(100_000)}<p class=end>x</p>y`);
  expect(deep.css('p.end::text').get()).toBe('x');
  expect(deep.xpath('//p[@class="end"]/text()').get()).toBe('x');
  expect(deep.css('body').at(0)?.text).toBe('xy');
});

const QUERIES = [
  'a',
  'a[href]',
  'h1',
  'p',
  '.price_color',
  'article.product_pod h3 a',
  'li.next a',
  '#product_description + p',
  'div div p',
  'ul > li',
  'table tr:nth-child(odd) td',
  'li:first-child',
  'li:last-child',
  'h2 ~ *',
  '*[class*=col]',
  'a:not([title])',
  'img[src$=".jpg"]',
  'meta[name]',
  'body *:only-child',
  'td:has(p), th',
  'article .star-rating.Three',
  'p:nth-of-type(2)',
];

describe('css beside css-select', () => {
  const page = process.env.SITES_DIR ?? fileURLToPath(new URL('../../../../shared/sites', import.meta.url));
  const file = `${page}/books/site/catalogue/rip-it-up-and-start-again_986/index.html`;
  const text = existsSync(file)
    ? readFileSync(file, 'utf8')
    : `<ul>${'<li><p class=price_color>1</p><a href=x>y</a></li>'.repeat(50)}</ul>`;

  it.each(QUERIES)('finds the same by %s', (query) => {
    const selector = html(text);
    const { document } = selector;
    if (document === undefined) throw new Error('the page has no tree');
    const theirs = cheerioFor(document)(query).toArray();
    const ours = selector.css(query).map(({ root }) => root);
    expect(ours.length).toBe(theirs.length);
    expect(ours.every((node, at) => node === (theirs[at] as unknown) && isElement(node as never))).toBe(true);
  });
});
