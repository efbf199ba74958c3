import { describe, expect, it } from 'vitest';
import { Selector } from '../../../src/markup/selector.ts';

describe('serializeAll', () => {
  const pages: [type: 'html' | 'xml', text: string][] = [
    [
      'html',
      '<div a="1&amp;"><p>x<br></p><div><p>y &lt;</p><script>a<b</script></div></div><p>z</p><!-- c -->',
    ],
    ['html', '<ul><li>1<ul><li>2<ul><li>3</ul></ul><li>4</ul>'],
    [
      'xml',
      '<r xmlns="urn:d" xmlns:g="urn:g"><g:a g:x="1"><b/><g:a xmlns:g="urn:h"><b>t &amp;</b></g:a></g:a><b/></r>',
    ],
  ];

  it.each(pages)('gives of each node of a %s page what is given of it alone', (type, text) => {
    const selector = new Selector({ type, text });
    for (const query of ['//*', '//node()', '//text()', '(//*)[position() > 2]', '//*[not(*)]']) {
      const list = selector.xpath(query);
      expect(list.length).toBeGreaterThan(0);
      expect(list.getAll()).toEqual([...list].map((one) => one.get()));
    }
  });

  it('gives thousands of elements in each other in no more than the work of one', () => {
    const deep = 4000;
    const selector = new Selector({ type: 'xml', text: '<i>text'.repeat(deep) + '</i>'.repeat(deep) });
    const all = selector.css('i').getAll();
    expect(all.length).toBe(deep);
    expect(all.at(-1)).toBe('<i>text</i>');
    expect(all[0]).toBe('<i>text'.repeat(deep) + '</i>'.repeat(deep));
  });
});
