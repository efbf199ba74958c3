import { type Answer, json, type Visit } from './answer.ts';
import { type Product, productPath, products } from './catalogue.ts';
import { pageCount } from './page-count.ts';
import { pageNumber } from './page-number.ts';
import { coverPath } from './product-pod.ts';

const MOST_PER_PAGE = 100;

/** A page of `/api/products`. */
export function productList({ query, origin }: Visit): Answer {
  const page = pageNumber(query.get('page'));
  const perPage = query.has('per_page') ? pageNumber(query.get('per_page')) : 50;
  if (page === undefined || perPage === undefined || perPage > MOST_PER_PAGE) {
    return json({ error: `page must be 1 or more, per_page 1 to ${MOST_PER_PAGE}` }, 400);
  }
  const pages = pageCount(products().length, perPage);
  const hasNext = page < pages;
  return json({
    page,
    per_page: perPage,
    pages,
    total: products().length,
    has_next: hasNext,
    next: hasNext ? `/api/products?page=${page + 1}&per_page=${perPage}` : null,
    products: products()
      .slice((page - 1) * perPage, page * perPage)
      .map((product) => described(product, origin)),
  });
}

/** One book of `/api/products/<id>`. */
export function productDetail(id: number, origin: string): Answer {
  const product = products()[id - 1];
  return product === undefined
    ? json({ error: `there is no product ${id}` }, 404)
    : { ...json(described(product, origin)), updatedAt: product.updatedAt };
}

function described(product: Product, origin: string): object {
  return { ...product, url: origin + productPath(product), image: origin + coverPath(product) };
}
