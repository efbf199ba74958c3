import { describe, expect, it } from 'vitest';
import { type XmlElementsOptions, xmlElements } from '../../../src/markup/xml-elements.ts';
import { countTurns } from '../../support/count-turns.ts';

const found = (text: string, name: string, options?: XmlElementsOptions) =>
  [...xmlElements(text, name, options)].map((one) => one.get());

describe('xmlElements', () => {
  it('gives each element by itself', () => {
    expect(found('<r><p id="1">a</p><g><p/></g><!-- <p>no</p> --><p>b<x/></p></r>', 'p')).toEqual([
      '<p id="1">a</p>',
      '<p/>',
      '<p>b<x/></p>',
    ]);
  });

  it('leaves an element to the outer one of its name', () => {
    expect(found('<r><p>a<p>b</p></p><p>c</p></r>', 'p')).toEqual(['<p>a<p>b</p></p>', '<p>c</p>']);
  });

  it('knows the namespaces around an element', () => {
    const xml = '<r xmlns="http://d.test" xmlns:x="http://x.test"><p><x:n>1</x:n></p></r>';
    const [node] = xmlElements(xml, 'p', { namespaces: { y: 'http://x.test', d: 'http://d.test' } });
    expect(node?.xpath('self::d:p/y:n/text()').get()).toBe('1');
  });

  it('finds names by namespace, whatever the prefix there is', () => {
    const xml =
      '<r xmlns:a="http://a.test"><a:p>1</a:p><p xmlns="http://a.test">2</p><p>3</p><b:p xmlns:b="http://b.test"/></r>';
    const nodes = [...xmlElements(xml, 'q:p', { namespaces: { q: 'http://a.test' } })];
    expect(nodes.map(({ text }) => text)).toEqual(['1', '2']);
  });

  it('lets queries use the prefixes of the document around it', () => {
    const xml =
      '<r xmlns:g="urn:g"><item><g:id>1</g:id></item><item xmlns:g="urn:h"><g:id>2</g:id></item></r>';
    expect([...xmlElements(xml, 'item')].map((item) => item.xpath('g:id/text()').get())).toEqual(['1', '2']);
  });

  it('forgets a namespace where its element ends', () => {
    const xml = '<r><g xmlns:a="http://a.test"><b></g><a:p>1</a:p></r>';
    expect(found(xml, 'q:p', { namespaces: { q: 'http://a.test' } })).toEqual([]);
  });

  it('takes a prefix that is not named as the document has it', () => {
    expect(found('<r><a:p>1</a:p><p>2</p></r>', 'a:p')).toEqual(['<a:p>1</a:p>']);
  });

  it('reads no entity of a DTD', () => {
    const xml = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r><p>&x;&amp;</p></r>';
    expect([...xmlElements(xml, 'p')].map(({ text }) => text)).toEqual(['&x;&']);
  });

  it('gives what there is of an element that is not closed', () => {
    expect(found('<r><p>a', 'p')).toEqual(['<p>a</p>']);
  });

  it.each(['<!a>', '</ >', '<?a>', '<![CDATA[', '<a x="', '<!--', '&#1'])(
    'takes linear time for a flood of %s',
    (piece) => {
      const started = performance.now();
      found(`<r>${piece.repeat(600_000)}`, 'p');
      expect(performance.now() - started).toBeLessThan(2000);
    },
  );

  it('lets the event loop breathe between elements', async () => {
    const elements = xmlElements(`<r>${'<p><id>1</id></p>'.repeat(1500)}</r>`, 'p');
    const { values, turns } = await countTurns(elements);
    expect(values).toBe(1500);
    expect(turns).toBeGreaterThanOrEqual(1500 / 15 - 1);
  });
});
