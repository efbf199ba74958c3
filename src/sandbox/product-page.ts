import { type Answer, page } from './answer.ts';
import { categories, categoryPath, type Product, printedPrice, productPath } from './catalogue.ts';
import { html } from './html.ts';
import { coverPath, stars } from './product-pod.ts';
import { relativeLink } from './relative-link.ts';
import { breadcrumb, shopLayout } from './shop-layout.ts';

/** The page of one book. */
export function productPage(product: Product): Answer {
  const path = productPath(product);
  const category = categories().find(({ name }) => name === product.category);
  const available = `In stock (${product.stock} available)`;
  const content = html`${breadcrumb(
    path,
    [
      ['Home', '/index.html'],
      ['Books', '/catalogue/category/books_1/index.html'],
      ...(category ? [[category.name, categoryPath(category)] as const] : []),
    ],
    product.title,
  )}
<div class="content">
<div id="content_inner">
<article class="product_page">
<div class="row">
<div class="col-sm-6"><div id="product_gallery" class="carousel"><div class="thumbnail"><div class="carousel-inner"><div class="item active">
<img src="${relativeLink(path, coverPath(product))}" alt="${product.title}">
</div></div></div></div></div>
<div class="col-sm-6 product_main">
<h1>${product.title}</h1>
<p class="price_color">${printedPrice(product.price)}</p>
<p class="instock availability">
    <i class="icon-ok"></i>
    
        ${available}
    
</p>
${stars(product.rating)}
<hr>
<div class="alert alert-warning" role="alert"><strong>Note:</strong> this book was never written; its price and stars are chance.</div>
</div>
</div>
${
  product.description &&
  html`<div id="product_description" class="sub-header">
<h2>Product Description</h2>
</div>
<p>${product.description}</p>
`
}<div class="sub-header">
<h2>Product Information</h2>
</div>
<table class="table table-striped">
<tr><th>UPC</th><td>${product.upc}</td></tr>
<tr><th>Product Type</th><td>Books</td></tr>
<tr><th>Price (excl. tax)</th><td>${printedPrice(product.price - product.tax)}</td></tr>
<tr><th>Price (incl. tax)</th><td>${printedPrice(product.price)}</td></tr>
<tr><th>Tax</th><td>${printedPrice(product.tax)}</td></tr>
<tr><th>Availability</th>
<td>${available}</td></tr>
<tr><th>Number of reviews</th>
<td>${product.reviews}</td></tr>
</table>
</article>
</div>
</div>`;
  return page(shopLayout(path, product.title, content), { updatedAt: product.updatedAt });
}
