import { describe, expect, it } from 'vitest';
import { Selector } from '../../../src/markup/selector.ts';
import { SelectorError } from '../../../src/markup/selector-error.ts';

const PAGE = `<div id="a" class="x y"><p>1</p><p>2<b>bold</b></p><!-- note --><p lang="en-GB">3</p></div>
  <div id="b"><p>4</p><span> two  words </span></div>`;
const found = (query: string, variables = {}): string[] =>
  new Selector({ text: PAGE, type: 'html' }).xpath(query, { variables }).getAll();

describe('xpath', () => {
  it.each([
    ['//p/text()', ['1', '2', '3', '4']],
    ['//p[1]/text()', ['1', '4']],
    ['(//p)[1]/text()', ['1']],
    ['(//p)[last()]/text()', ['4']],
    ['//div[@id="b"]/p/text()', ['4']],
    ['//div[p="4"]/@id', ['b']],
    ['//p[position() > 1]/text()', ['2', '3']],
    ['//p[b]/following-sibling::p/text()', ['3']],
    ['//p[3]/preceding-sibling::p[1]/b/text()', ['bold']],
    ['//b/ancestor::div/@id', ['a']],
    ['//b/ancestor-or-self::*[1]/text()', ['bold']],
    ['//b/../../@id', ['a']],
    ['//comment()', ['<!-- note -->']],
    ['//b | //p[1]/text()', ['1', '<b>bold</b>', '4']],
    ['//div[2]/preceding::p[1]/text()', ['3']],
    ['//b/following::p/text()', ['3', '4']],
    ['id("b")/p/text()', ['4']],
    ['//p[lang("en")]/text()', ['3']],
    ['//P[1]/text()', ['1', '4']],
  ])('finds %s', (query, wanted) => {
    expect(found(query)).toEqual(wanted);
  });

  it.each([
    ['count(//p)', '4'],
    ['sum(//p[not(b)])', '8'],
    ['string(//p[2])', '2bold'],
    ['normalize-space(//span)', 'two words'],
    ['substring-before("a-b", "-")', 'a'],
    ['substring-after("a-b", "-")', 'b'],
    ['substring("12345", 1.5, 2.6)', '234'],
    ['translate("bar", "abc", "AB")', 'BAr'],
    ['concat("a", 1, true())', 'a1true'],
    ['string-length("😀")', '1'],
    ['1 div 0', 'Infinity'],
    ['5 mod -2', '1'],
    ['round(-0.5)', '0'],
    ['1 + 2 * 3', '7'],
    ['//p > 3', '1'],
    ['//h1 = ""', '0'],
    ['name(//div/*[1])', 'p'],
  ])('computes %s', (query, wanted) => {
    expect(found(query)).toEqual([wanted]);
  });

  it('takes variables', () => {
    expect(found('//div[@id=$id]/p[$at]/text()', { id: 'b', at: 1 })).toEqual(['4']);
  });

  it.each([
    ['//div[has-class("y", "x")]/@id', ['a']],
    ['//div[has-class("xy")]/@id', []],
    ['//p[re:test(., "^[34]$")]/text()', ['3', '4']],
    ['re:replace("a1b2", "\\d", "g", "-")', ['a-b-']],
    ['set:difference(//p, //div[1]/p)/text()', ['4']],
    ['set:intersection(//p, //div[2]/*)/text()', ['4']],
  ])('has the extension in %s', (query, wanted) => {
    expect(found(query)).toEqual(wanted);
  });

  it.each([
    '',
    '//p[',
    '//p/@',
    '1 +',
    'nope()',
    'nope::p',
    'concat("a")',
    'count(1)',
    '//p | 1',
    '$unknown',
    'unknown:p',
    '"open',
    're:test("a", "(")',
  ])('throws for %j, and the error names the query or its part', (query) => {
    expect(() => found(query)).toThrow(SelectorError);
  });

  it('says where the trouble is', () => {
    expect(() => found('//p[1 +]')).toThrow(/at character 8 in the query "\/\/p\[1 \+\]"/);
  });

  it('gives up a query that visits the page over and over', () => {
    const page = new Selector({ text: '<p>x</p>'.repeat(20_000), type: 'html' });
    expect(() => page.xpath('//p[count(following::p) > 1]')).toThrow(/narrow it down/);
  });
});
