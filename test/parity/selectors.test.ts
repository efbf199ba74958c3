import { describe, expect, it } from 'vitest';
import { Response, Selector, SelectorError } from '../../src/index.ts';

const html = (text: string): Selector => new Selector({ text, type: 'html' });
const xml = (text: string): Selector => new Selector({ text, type: 'xml' });

const PAGE = `<ul class="list big"><li id=one class=a>One <b>bold</b> end</li>
<li class="a b" data-x=1>Two</li><li>Three &amp; more</li></ul><a href=/x title=t>link</a>`;

describe('Selectors', () => {
  it('finds by CSS, with ::text and ::attr()', () => {
    const page = html(PAGE);
    expect(page.css('ul.big > li.a + li[data-x="1"]').get()).toBe('<li class="a b" data-x="1">Two</li>');
    expect(page.css('li:not(.a), a[href^="/"]').length).toBe(2);
    expect(page.css('li:nth-child(2)::text, li:last-child::text').getAll()).toEqual(['Two', 'Three & more']);
    expect(page.css('#one::text').getAll()).toEqual(['One ', ' end']);
    expect(page.css('#one *::text').getAll()).toEqual(['One ', 'bold', ' end']);
    expect(page.css('#one').css('*::text').length).toBe(3);
    expect(page.css('#one ::text').length).toBe(3);
    expect(page.css('#one b::text').getAll()).toEqual(['bold']);
    expect(page.css('a::attr(href)').get()).toBe('/x');
    expect(page.css('li::attr(id)').getAll()).toEqual(['one']);
    expect(() => page.css('li[')).toThrow(SelectorError);
  });

  it('finds by XPath 1.0, also from a part of the page', () => {
    const page = html(PAGE);
    expect(page.xpath('//li[position() < last()]/@class').getAll()).toEqual(['a', 'a b']);
    expect(page.xpath('count(//li)').get()).toBe('3');
    expect(page.xpath('//li[contains(., "bold")]/text()').getAll()).toEqual(['One ', ' end']);
    expect(page.xpath('string(//a/@title)').get()).toBe('t');
    const [list] = page.xpath('//ul');
    expect(list?.xpath('.//b/text()').get()).toBe('bold');
    expect(list?.xpath('./a').length).toBe(0);
    expect(list?.xpath('following-sibling::a').length).toBe(1);
    expect(list?.xpath('//a').length).toBe(1);
    expect(() => page.xpath('//li[')).toThrow(SelectorError);
  });

  it('gives the first or all results as text', () => {
    const page = html(PAGE);
    expect(page.css('li.b').get()).toBe('<li class="a b" data-x="1">Two</li>');
    expect(page.css('li.b').getAll()).toEqual(['<li class="a b" data-x="1">Two</li>']);
    expect(page.css('h1::text').get()).toBeNull();
    expect(page.css('h1::text').get('none')).toBe('none');
    expect(page.css('h1::text').getAll()).toEqual([]);
  });

  it('has the attributes of the first element', () => {
    const page = html(PAGE);
    expect({ ...page.css('a').attrib }).toEqual({ href: '/x', title: 't' });
    expect(page.css('li').attrib.id).toBe('one');
    expect({ ...page.css('h1').attrib }).toEqual({});
    expect({ ...[...page.css('li')][1]?.attrib }).toEqual({ class: 'a b', 'data-x': '1' });
  });

  it('gives lists that chain', () => {
    const items = html(PAGE).css('ul').css('li');
    expect(items.length).toBe(3);
    expect(items.at(0)?.attrib.id).toBe('one');
    expect(items.at(-1)?.css('::text').get()).toBe('Three & more');
    expect(items.slice(1).xpath('./text()').getAll()).toEqual(['Two', 'Three & more']);
    expect(items.filter((item) => 'class' in item.attrib).map(({ text }) => text)).toEqual([
      'One bold end',
      'Two',
    ]);
    expect([...items].map((item) => item.css('b').length > 0)).toEqual([true, false, false]);
    expect(html(PAGE).css('h1').css('b').xpath('text()').get()).toBeNull();
  });

  it('runs regular expressions over results', () => {
    const page = html('<p>a: 1, b: 22</p><p>c: 3 &lt; &eacute;</p>');
    expect(page.css('p::text').re(/\d+/)).toEqual(['1', '22', '3']);
    expect(page.css('p::text').re(String.raw`(\w): (\d+)`)).toEqual(['a', '1', 'b', '22', 'c', '3']);
    expect(page.css('p').re(/3 (.*)<\/p>/)).toEqual(['&lt; é']);
    expect(page.css('p::text').reFirst(/\d\d/)).toBe('22');
    expect(page.css('p::text').reFirst(/x/)).toBeNull();
    expect(page.css('p::text').reFirst(/x/, 'none')).toBe('none');
    expect(new Selector({ text: '"caf&eacute; &amp;lt; 1"', type: 'text' }).re(/caf.*t;/)).toEqual([
      'café &amp;lt;',
    ]);
  });

  it('queries JSON, also inside of HTML, by the type of the text', () => {
    const data = new Selector({ text: '{"a":[{"n":1},{"n":2}]}', type: 'json' });
    expect(data.jmespath('a[*].n').getAll()).toEqual([1, 2]);
    const page = html('<script type="application/ld+json">{"name":"x"}</script><p data-v=\'{"v":[1]}\'>');
    expect(page.css('script::text').jmespath('name').getAll()).toEqual(['x']);
    expect(page.css('p::attr(data-v)').jmespath('v[0]').get()).toBe(1);
    expect(() => data.css('a')).toThrow(/jmespath/);
    const typeOf = (type: string, body: string): string =>
      new Response('https://a.test/', { headers: { 'Content-Type': type }, body }).selector.type;
    expect(typeOf('text/html', '<p>')).toBe('html');
    expect(typeOf('application/rss+xml', '<rss/>')).toBe('xml');
    expect(typeOf('application/json', '[]')).toBe('json');
    expect(typeOf('text/plain', 'x')).toBe('text');
    expect(new Selector({ text: ' {"a":1}' }).type).toBe('json');
    expect(new Selector({ text: '<p>x' }).type).toBe('html');
    expect(new Selector({ text: '{"a":1', type: 'text' }).type).toBe('text');
  });

  it('has XPath variables, has-class() and functions of EXSLT', () => {
    const page = html(PAGE);
    const variables = { id: 'one', many: 1 };
    expect(page.xpath('//li[@id = $id]/b/text()', { variables }).get()).toBe('bold');
    expect(page.xpath('//li[count(b) = $many]', { variables }).length).toBe(1);
    expect(() => page.xpath('//li[@id = $id]')).toThrow(/\$?id/);
    expect(page.xpath('//li[has-class("a", "b")]/text()').getAll()).toEqual(['Two']);
    expect(page.xpath('//li[re:test(., "^t[a-z]+$", "i")]/text()').getAll()).toEqual(['Two']);
    expect(page.xpath('set:difference(//li, //li[@class])/text()').getAll()).toEqual(['Three & more']);
  });

  it('handles namespaces of XML', () => {
    const text = '<r xmlns="urn:a" xmlns:b="urn:b"><i b:k="1">x</i><b:i>y</b:i></r>';
    const feed = xml(text);
    expect(feed.xpath('//i').length).toBe(0);
    feed.registerNamespace('a', 'urn:a');
    expect(feed.xpath('//a:i/text()').getAll()).toEqual(['x']);
    expect(feed.xpath('//q:i/text()', { namespaces: { q: 'urn:b' } }).getAll()).toEqual(['y']);
    expect(
      feed
        .xpath('//a:i')
        .xpath('@q:k', { namespaces: { q: 'urn:b' } })
        .get(),
    ).toBe('1');
    feed.removeNamespaces();
    expect(feed.xpath('//i/text()').getAll()).toEqual(['x', 'y']);
    expect(feed.xpath('//i/@k').get()).toBe('1');
    expect(feed.css('i').length).toBe(2);
  });

  it('parses any text', () => {
    expect(new Selector({ text: '<p>x' }).css('p').get()).toBe('<p>x</p>');
    expect(new Selector({ text: '<Row><Cell/></Row>', type: 'xml' }).css('Cell').get()).toBe('<Cell/>');
    expect(new Selector({ text: '' }).css('p').get()).toBeNull();
    expect(new Selector({ text: 'a < b', type: 'text' }).get()).toBe('a < b');
  });

  it('drops nodes, and reads trees of any size', () => {
    const page = html(PAGE);
    page.css('li.a').drop();
    expect(page.css('li').getAll()).toEqual(['<li>Three &amp; more</li>']);
    expect(page.xpath('count(//li)').get()).toBe('1');
    expect(() => page.css('a::text').drop()).toThrow(TypeError);
    const deep = html(`${'<div>'.repeat(600)}end`);
    expect(deep.css('::text').getAll().join('')).toContain('end');
    const long = html(`<p>${'x'.repeat(10_000_001)}</p>`);
    expect(long.css('p::text').get()?.length).toBe(10_000_001);
  });
});
