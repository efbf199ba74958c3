import { type Product, printedPrice, productPath } from './catalogue.ts';
import { type Html, html } from './html.ts';
import { relativeLink } from './relative-link.ts';

const NUMBER_WORDS = ['Zero', 'One', 'Two', 'Three', 'Four', 'Five'];
const SHORT_TITLE = 24;

/** Stars of a book; the number is in the class. */
export function stars(rating: number): Html {
  return html`<p class="star-rating ${NUMBER_WORDS[rating]}">
${Array.from({ length: 5 }, () => html`<i class="icon-star"></i>\n`)}</p>`;
}

/** Where a book's picture is. */
export function coverPath({ id }: Product): string {
  return `/media/covers/${id}.png`;
}

/** A book in a list: its title is cut short, the whole is in the link's title attribute. */
export function productPod(path: string, product: Product): Html {
  const href = relativeLink(path, productPath(product));
  return html`<li class="col-xs-6 col-sm-4 col-md-3 col-lg-3">
<article class="product_pod">
<div class="image_container"><a href="${href}"><img src="${relativeLink(path, coverPath(product))}" alt="${product.title}" class="thumbnail"></a></div>
${stars(product.rating)}
<h3><a href="${href}" title="${product.title}">${shortened(product.title)}</a></h3>
<div class="product_price">
<p class="price_color">${printedPrice(product.price)}</p>
<p class="instock availability"><i class="icon-ok"></i> In stock</p>
</div>
</article>
</li>
`;
}

function shortened(title: string): string {
  if (title.length <= SHORT_TITLE) return title;
  return `${title.slice(0, title.lastIndexOf(' ', SHORT_TITLE))} ...`;
}
