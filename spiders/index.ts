export { default as AuthorsSpider } from './authors.ts';
export { type Book, default as BooksSpider } from './books.ts';
export { default as BooksByCategorySpider, type ShelvedBook } from './books-by-category.ts';
export { type ApiProduct, default as ProductsApiSpider } from './products-api.ts';
export { default as ProductsSitemapSpider } from './products-sitemap.ts';
export { type Author, default as QuotesSpider, type Quote } from './quotes.ts';
export { default as QuotesApiSpider } from './quotes-api.ts';
export { default as QuotesLoginSpider, type MemberQuote } from './quotes-login.ts';
