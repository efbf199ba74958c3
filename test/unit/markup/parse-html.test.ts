import { describe, expect, it } from 'vitest';
import { append, Document, Element, isElement, newAttributes, Text } from '../../../src/markup/node.ts';
import { parseHtml } from '../../../src/markup/parse-html.ts';
import { Selector } from '../../../src/markup/selector.ts';

const MANY = 100_000;
// Far above what the work takes, far below what work without a bound would.
const LIMIT_MS = 15_000;

function timed<Result>(work: () => Result): Result {
  const start = performance.now();
  const result = work();
  expect(performance.now() - start).toBeLessThan(LIMIT_MS);
  return result;
}

describe('parseHtml', () => {
  it('reads an ordinary page whole and by the standard', () => {
    const document = parseHtml('<!doctype html><title>t</title><table><p>x</table>');
    expect(document.limit).toBeUndefined();
    expect(document.truncated).toBe(false);
    expect(new Selector({ text: '<table><p>x</table>', type: 'html' }).css('body').get()).toBe(
      '<body><p>x</p><table></table></body>',
    );
  });

  it('reads noscript and templates as parts of the page', () => {
    const page = new Selector({
      text: '<noscript><a href=1></a></noscript><template><a href=2></a></template>',
      type: 'html',
    });
    expect(page.css('a::attr(href)').getAll()).toEqual(['1', '2']);
  });

  it.each(['div', 'b', 'a href=x', 'table', 'select', 'p', 'svg', 'template', 'li', 'font color=x'])(
    'reads 100,000 nested <%s> in bounded time',
    (tag) => {
      const document = timed(() => parseHtml(`${`<${tag}>`.repeat(MANY)}end`));
      expect(document.children.length).toBeGreaterThan(0);
    },
  );

  it('puts what is nested too deep side by side, with its links and texts', () => {
    const page = new Selector({ text: `${'<div>'.repeat(MANY)}<a href=x>t</a>`, type: 'html' });
    expect(page.css('div').length).toBe(MANY);
    expect(page.css('a::attr(href)').getAll()).toEqual(['x']);
    expect(page.text).toBe('t');
    expect(page.document?.limit).toBe('work');
  });

  it('reads misnested formatting in bounded time', () => {
    timed(() => parseHtml('<a><b><i><div></a></b>'.repeat(20_000)));
  });

  it('keeps 500 attributes of an element, says so, and reads on', () => {
    const attributes = Array.from({ length: MANY }, (_, at) => `a${at}=1`).join(' ');
    const page = new Selector({ text: `<p ${attributes}>x</p><p>y</p>`, type: 'html' });
    expect(Object.keys(timed(() => page.css('p').attrib))).toHaveLength(500);
    expect(page.css('p').length).toBe(2);
    expect(page.document?.limit).toBe('attributes');
    expect(page.document?.truncated).toBe(true);
  });

  it('reads a page above 4,000,000 characters by simple rules, whole', () => {
    const page = new Selector({ text: '<p>x</p>'.repeat(500_001), type: 'html' });
    expect(timed(() => page.css('p').length)).toBe(500_001);
    expect(page.document?.limit).toBe('size');
  });
});

describe('walks over 100,000 nested elements', () => {
  it.each<[string, (page: Selector) => unknown, unknown]>([
    ['css', (page) => page.css('div div a::attr(href)').getAll(), ['x']],
    ['css over all texts', (page) => page.css('*::text').getAll(), ['t']],
    ['css with :has', (page) => page.css('html:has(a)').length, 1],
    ['css with :contains', (page) => page.css('html:contains(t)').length, 1],
    ['xpath', (page) => page.xpath('//a/text()').getAll(), ['t']],
    ['ancestors in xpath', (page) => page.xpath('count(//a/ancestor::div)').get(), String(MANY)],
    ['string in xpath', (page) => page.xpath('string()').get(), 't'],
    ['text', (page) => page.text, 't'],
    ['markup', (page) => page.get().includes('<div><a href="x">t</a></div>'), true],
    [
      'drop',
      (page) => {
        page.css('a').drop();
        return page.css('a').length;
      },
      0,
    ],
    [
      'namespaces',
      (page) => {
        page.removeNamespaces();
        return page.css('a').length;
      },
      1,
    ],
  ])('do not recurse: %s', (_what, ask, wanted) => {
    const page = Selector.of(deepTree());
    expect(timed(() => ask(page))).toEqual(wanted);
  });
});

/** Deeper than any parser here makes it. */
function deepTree(): Document {
  const document = new Document('html');
  let parent: Document | Element = document;
  for (const name of ['html', ...Array<string>(MANY).fill('div'), 'a']) {
    const element: Element = new Element(name, 'http://www.w3.org/1999/xhtml', newAttributes());
    append(parent, element);
    parent = element;
  }
  if (isElement(parent)) parent.attribs.href = 'x';
  append(parent, new Text('t'));
  return document;
}
