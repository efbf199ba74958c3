import { describe, expect, it } from 'vitest';
import { Selector } from '../../../src/markup/selector.ts';
import { SelectorError } from '../../../src/markup/selector-error.ts';

const PAGE = `
  <ul id="books">
    <li class="book new"><a href="/1" title="One">One &amp; only</a> <b>£1.50</b></li>
    <li class="book"><a href="/2">Two</a> <b>£22</b></li>
  </ul><p>last</p>`;
const html = (text = PAGE): Selector => new Selector({ text, type: 'html' });
const xml = (text: string): Selector => new Selector({ text, type: 'xml' });

describe('Selector', () => {
  it('gives the markup of an element', () => {
    expect(html().css('a').get()).toBe('<a href="/1" title="One">One &amp; only</a>');
  });

  it('gives all results in document order', () => {
    expect(html().css('b::text').getAll()).toEqual(['£1.50', '£22']);
  });

  it('gives null where nothing was found, or the default', () => {
    expect(html().css('h1').get()).toBeNull();
    expect(html().css('h1').get('none')).toBe('none');
  });

  it('gives the attributes of the first element', () => {
    expect({ ...html().css('a').attrib }).toEqual({ href: '/1', title: 'One' });
    expect({ ...html().css('h1').attrib }).toEqual({});
  });

  it('keeps attributes named like members of objects', () => {
    const { attrib } = html('<p __proto__=1 constructor=2>').css('p');
    expect(Object.entries(attrib)).toEqual([
      ['__proto__', '1'],
      ['constructor', '2'],
    ]);
    expect(attrib.toString).toBeUndefined();
  });

  it('gives text without markup', () => {
    expect(html().css('li').text).toBe('One & only £1.50');
    expect(html().css('h1').text).toBe('');
  });

  it('queries inside of what was found only', () => {
    expect(html().css('li').at(-1)?.css('a::text').getAll()).toEqual(['Two']);
    expect(html().css('ul').xpath('.//p').length).toBe(0);
    expect(html().css('ul').xpath('//p/text()').get()).toBe('last');
  });

  it('chains, maps, filters and slices lists', () => {
    const list = html().css('li');
    expect([...list].length).toBe(2);
    expect(list.css('a').xpath('@href').getAll()).toEqual(['/1', '/2']);
    expect(list.map((one, place) => `${place} ${one.css('b').text}`)).toEqual(['0 £1.50', '1 £22']);
    expect(list.filter((one) => one.attrib.class === 'book').css('a').text).toBe('Two');
    expect(list.slice(1).length).toBe(1);
  });

  it('tells elements from strings', () => {
    expect(html().css('a').at(0)?.isElement).toBe(true);
    expect(html().css('a::text').at(0)?.isElement).toBe(false);
    expect(html().css('a::text').css('b').length).toBe(0);
  });

  it('takes elements out of the page', () => {
    const page = html();
    page.css('li.new').drop();
    expect(page.css('li a::text').getAll()).toEqual(['Two']);
    expect(page.css('ul').get()).not.toContain('One');
  });

  it('refuses to take out a string', () => {
    expect(() => html().css('a::text').drop()).toThrow(TypeError);
  });

  it('reads a string as JSON where it is an object or array, else as HTML', () => {
    expect(new Selector({ text: ' {"a": 1}' }).type).toBe('json');
    expect(new Selector({ text: '{not json}' }).type).toBe('html');
    expect(new Selector({ text: '<p>' }).type).toBe('html');
  });
});

describe('re and reFirst', () => {
  it('give whole matches, or the groups', () => {
    expect(html().css('b::text').re(/\d+/)).toEqual(['1', '50', '22']);
    expect(html().css('b::text').re('(\\d+)\\.(\\d+)')).toEqual(['1', '50']);
  });

  it('give the first, null or the default', () => {
    expect(html().css('b::text').reFirst(/\d\d/)).toBe('50');
    expect(html().css('b::text').reFirst(/x/)).toBeNull();
    expect(html().css('b::text').reFirst(/x/, 0)).toBe(0);
  });

  it('do not depend on the place an expression stands at', () => {
    const sticky = /\d/gy;
    sticky.lastIndex = 5;
    expect(html().css('b::text').re(sticky)).toEqual(html().css('b::text').re(/\d/));
  });
});

describe('XML', () => {
  const FEED =
    '<f:feed xmlns:f="urn:f" xmlns="urn:d"><entry f:id="7">A</entry><f:entry>B</f:entry><Entry/></f:feed>';

  it('tells capitals and namespaces', () => {
    expect(xml(FEED).css('Entry').length).toBe(1);
    expect(xml(FEED).xpath('//f:entry/text()').getAll()).toEqual(['B']);
    expect(xml(FEED).xpath('//entry').length).toBe(0);
  });

  it('finds what a registered or given prefix stands for', () => {
    const feed = xml(FEED);
    feed.registerNamespace('d', 'urn:d');
    expect(feed.xpath('//d:entry/text()').get()).toBe('A');
    expect(feed.xpath('//x:entry/text()', { namespaces: { x: 'urn:f' } }).get()).toBe('B');
    expect(feed.xpath('//@f:id').get()).toBe('7');
  });

  it('reads a prefix as it is declared where the query begins', () => {
    const text =
      '<r xmlns:p="urn:1"><p:a>1</p:a><m xmlns:p="urn:2"><p:a>2</p:a><n xmlns:p="urn:1"><p:a>3</p:a></n></m></r>';
    const page = new Selector({ text, type: 'xml' });
    expect(page.xpath('//p:a/text()').getAll()).toEqual(['1', '3']);
    expect(page.xpath('//m').xpath('.//p:a/text()').getAll()).toEqual(['2']);
    expect(page.xpath('//n').xpath('p:a/text()').getAll()).toEqual(['3']);
    expect(
      page
        .xpath('//m')
        .xpath('.//p:a/text()', { namespaces: { p: 'urn:1' } })
        .getAll(),
    ).toEqual(['3']);
    expect(page.xpath('//m').xpath('namespace::p').getAll()).toEqual(['urn:2']);
  });

  it('keeps a namespace that a part registers from the rest of the page', () => {
    const page = new Selector({ text: '<r xmlns="urn:1"><a><b/></a></r>', type: 'xml' });
    const part = page.xpath('//*[local-name()="a"]').at(0);
    part?.registerNamespace('w', 'urn:1');
    expect(part?.xpath('w:b').xpath('self::w:b').length).toBe(1);
    expect(() => page.xpath('//w:b')).toThrow(/Unknown prefix w/);
  });

  it('finds plain names once namespaces are removed', () => {
    const feed = xml(FEED);
    feed.removeNamespaces();
    expect(feed.xpath('//entry/text()').getAll()).toEqual(['A', 'B']);
    expect(feed.xpath('//@id').get()).toBe('7');
  });
});

describe('JSON', () => {
  it('answers JMESPath with values', () => {
    const page = new Selector({ text: '{"a": [{"b": 1}, {"b": "x"}, {}]}' });
    expect(page.jmespath('a[].b').getAll()).toEqual([1, 'x']);
    expect(page.jmespath('nothing').get('none')).toBe('none');
  });

  it('is found inside of HTML', () => {
    const page = html('<script type="application/ld+json">{"price": {"value": 5}}</script>');
    expect(page.css('script::text').jmespath('price.value').get()).toBe(5);
  });

  it('says which language to use instead of css and xpath', () => {
    const page = new Selector({ text: '{}' });
    expect(() => page.css('a')).toThrow(/use jmespath\(\)/);
    expect(() => page.xpath('a')).toThrow(/use jmespath\(\)/);
  });

  it('names a JMESPath that can not be read', () => {
    expect(() => new Selector({ text: '{}' }).jmespath('a[')).toThrow(SelectorError);
  });
});
