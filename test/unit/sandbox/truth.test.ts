import { load } from 'cheerio';
import { expect, it } from 'vitest';
import { products } from '../../../src/sandbox/catalogue.ts';
import { productPage } from '../../../src/sandbox/product-page.ts';
import { expectedProducts } from '../../../src/sandbox/truth.ts';

const RATINGS = ['Zero', 'One', 'Two', 'Three', 'Four', 'Five'];

it('is what a parser finds on every product page', () => {
  const found = products().map((product) => {
    const $ = load(String(productPage(product).body));
    const cell = (name: string) => $(`table.table-striped th:contains("${name}") + td`).text();
    return {
      title: $('div.product_main h1').text(),
      price: $('div.product_main .price_color').text(),
      availability: Number(/\((\d+) available\)/.exec($('.instock.availability').text())?.[1]),
      rating: RATINGS.indexOf($('p.star-rating').attr('class')?.split(' ')[1] ?? ''),
      category: $('ul.breadcrumb li:nth-child(3) a').text(),
      upc: cell('UPC'),
      description: $('#product_description + p').text(),
    };
  });
  expect(found).toEqual(expectedProducts('http://site.test/').map(({ url: _, ...rest }) => rest));
});
