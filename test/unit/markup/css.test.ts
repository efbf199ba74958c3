import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { selectAll } from 'css-select';
import type { AnyNode } from 'domhandler';
import { describe, expect, it } from 'vitest';
import { type CssResult, selectCss } from '../../../src/markup/css.ts';
import { cheerioFor } from '../../../src/markup/load-cheerio.ts';
import type { Document } from '../../../src/markup/node.ts';
import { parseHtml } from '../../../src/markup/parse-html.ts';
import { SelectorError } from '../../../src/markup/selector-error.ts';
import { seeded } from '../../support/seeded.ts';

const found = (query: string, html: string): CssResult[] => {
  const document = parseHtml(html);
  return selectCss(query, document, document);
};

describe('::text and ::attr()', () => {
  const html = '<p id=x title=t>a<b>b</b>c</p><p>d</p>';

  it.each([
    ['p::text', ['a', 'c', 'd']],
    ['div > p > *::text', []],
    ['p > *::text', ['b']],
    ['p *::text', ['a', 'b', 'c', 'd']],
    ['#x ::text', ['a', 'b', 'c']],
    ['p::attr(title)', ['t']],
    ['p::attr(missing)', []],
    ['b::text, p::attr(id)', ['x', 'b']],
  ])('%s', (query, wanted) => {
    expect(found(query, html)).toEqual(wanted);
  });

  it('give each string once where alternatives overlap', () => {
    expect(found('p::text, #x::text', html)).toEqual(['a', 'c', 'd']);
  });
});

describe('a query that can not be read', () => {
  it('says what was found where it ends too early', () => {
    expect(() => found('::bad[', '<p>')).toThrow(
      'Expected name, found the end of the selector in the query "::bad["',
    );
  });

  it.each(['', 'p[', 'p >', 'p::first-line', 'p::text b', 'p:unknown', 'p:nth-child(x)', ':has('])(
    '%j throws, and the error names it',
    (query) => {
      expect(() => found(query, '<p>')).toThrow(SelectorError);
      expect(() => found(query, '<p>')).toThrow(JSON.stringify(query));
    },
  );
});

describe('the index', () => {
  const QUERIES = [
    '*',
    'a',
    '#i1',
    '.c1',
    'a.c1',
    'p.c1.c2',
    'div a',
    'div > a',
    'p + a',
    'p ~ a',
    '[href]',
    'a[href="1"]',
    'a[href^="1"]',
    'a[href$="2"]',
    'a[href*="1"]',
    '[class~="c2"]',
    '[href|="1"]',
    'a[href!="1"]',
    'a:first-child',
    'p:last-child',
    'a:nth-child(2n+1)',
    'a:nth-of-type(2)',
    'p:nth-last-child(-n+2)',
    'a:only-child',
    'b:only-of-type',
    'p:empty',
    'p:not(.c1)',
    'div:has(a)',
    'div:has(> a)',
    'p:has(+ a)',
    ':is(p, a).c2',
    'div :not(a, p)',
    'a, p.c1, #i2',
    'div div a',
    'div > p > a ~ b',
    '.c1 .c2 > *',
  ];

  it.each(QUERIES)('answers %s as css-select does, in random pages', (query) => {
    const random = seeded(7);
    for (let count = 0; count < 60; count++) expectSame(query, parseHtml(randomPage(random)));
  });

  const sites = process.env.SITES_DIR ?? fileURLToPath(new URL('../../../../shared/sites', import.meta.url));
  const isThere = existsSync(sites);
  if (!isThere) console.warn(`real pages: skipped, ${sites} is not there (set SITES_DIR)`);

  it.skipIf(!isThere)('answers as css-select does in real pages', () => {
    const folder = `${sites}/books/site`;
    const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.html'))
      .slice(0, 20);
    expect(pages).toHaveLength(20);
    const own = [
      '.product_pod h3 > a',
      'table tr:nth-child(2) td',
      '#content_inner p',
      'p.star-rating',
      'li ~ li a',
    ];
    for (const path of pages) {
      const document = parseHtml(readFileSync(`${folder}/${path}`, 'utf8'));
      for (const query of [...own, ...QUERIES]) expectSame(query, document);
    }
  });

  it('sees what cheerio changed', () => {
    const document = parseHtml('<p class=a>1</p><p>2</p>');
    expect(selectCss('.a', document, document)).toHaveLength(1);
    cheerioFor(document)('p').addClass('a');
    expect(selectCss('.a', document, document)).toHaveLength(2);
  });
});

describe('the work of a query', () => {
  it('stays bounded where each of 50,000 siblings asks for those after it', () => {
    const start = performance.now();
    expect(found('p:has(~ b)', '<p>x</p>'.repeat(50_000))).toEqual([]);
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});

function expectSame(query: string, document: Document): void {
  const theirs = selectAll(query, document as unknown as AnyNode) as unknown[];
  const ours = selectCss(query, document, document);
  expect(ours.length, query).toBe(theirs.length);
  expect(
    ours.every((element, at) => element === theirs[at]),
    query,
  ).toBe(true);
}

const PIECES = [
  '<div>',
  '<div class=c1>',
  '</div>',
  '<p class="c1 c2">',
  '<p id=i1>',
  '</p>',
  '<a href=1>',
  '<a href="1-2" class=c2>',
  '<a class=" c1  c2 c1 ">',
  '</a>',
  '<b>',
  '<b id=i2>',
  '</b>',
  'text',
  '<!-- c -->',
  '<br class=c1>',
];

function randomPage(random: () => number): string {
  const length = 1 + Math.floor(random() * 40);
  return Array.from({ length }, () => PIECES[Math.floor(random() * PIECES.length)]).join('');
}
