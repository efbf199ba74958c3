import { describe, expect, it } from 'vitest';
import { Selector } from '../../../src/markup/selector.ts';

const read = (text: string): Selector => new Selector({ text, type: 'xml' });

describe('parseXml', () => {
  it('keeps capitals and empty elements', () => {
    expect(read('<Feed><Item/></Feed>').get()).toBe('<Feed><Item/></Feed>');
  });

  it('reads CDATA as text', () => {
    expect(read('<r><![CDATA[a < b & c]]>d</r>').xpath('string()').get()).toBe('a < b & cd');
  });

  it('reads the five entities and numbers, and no others', () => {
    expect(read('<r>&lt;&amp;&#65;&#x42;&copy;</r>').text).toBe('<&AB&copy;');
  });

  it('expands no entities of a document type', () => {
    const page = read(
      '<!DOCTYPE r [<!ENTITY x "xxxx"><!ENTITY f SYSTEM "file:///etc/passwd">]><r>&x;&f;</r>',
    );
    expect(page.text).toBe('&x;&f;');
  });

  it('keeps of a broken document what could be read', () => {
    expect(read('<r><a>1</b><a>2</a>').css('a::text').getAll()).toEqual(['1', '2']);
  });

  it('puts what is nested too deep side by side, and says so', () => {
    const page = read('<r>'.repeat(5_000));
    expect(page.css('r').length).toBe(5_000);
    expect(page.document?.limit).toBe('depth');
  });
});
