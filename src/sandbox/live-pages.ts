import type { Answer, Visit } from './answer.ts';
import { Corners } from './corners.ts';
import { productDetail, productList } from './products-api.ts';
import { quotesApi } from './quotes-api.ts';
import { login, logout } from './quotes-login.ts';
import { quotesFilter, quotesSearch } from './quotes-search.ts';
import { Sealer } from './sealer.ts';
import { searchPage } from './search-page.ts';
import { readSession } from './session.ts';
import { robotsTxt, sitemapFile, sitemapIndex } from './sitemap.ts';

const TAKE_FORMS: ReadonlySet<string> = new Set(['/quotes/login', '/quotes/filter.aspx']);

/** The pages that depend on the visit: on its query, its form, its session, its host or its turn. */
export class LivePages {
  readonly #sealer = new Sealer();
  readonly #corners: Corners;

  /** @param closing aborts when the site closes. */
  constructor(closing: AbortSignal) {
    this.#corners = new Corners(closing);
  }

  /** Whether forms may be posted to a path. */
  takesForms(path: string): boolean {
    return TAKE_FORMS.has(path);
  }

  /** Who is logged in to the quotes area by a Cookie header, or ''. */
  user(cookie: string): string {
    return cookie === '' ? '' : (readSession(cookie, this.#sealer)?.user ?? '');
  }

  /** The answer to a visit, or undefined if there is no such page. */
  answer(visit: Visit): Answer | Promise<Answer> | undefined {
    const { path, origin } = visit;
    switch (path) {
      case '/robots.txt':
        return robotsTxt(origin);
      case '/sitemap.xml':
        return sitemapIndex(origin);
      case '/search':
        return searchPage(visit);
      case '/api/products':
        return productList(visit);
      case '/quotes/api/quotes':
        return quotesApi(visit);
      case '/quotes/login':
        return login(visit, this.#sealer);
      case '/quotes/logout':
        return logout(this.#sealer);
      case '/quotes/search.aspx':
        return quotesSearch(this.#sealer);
      case '/quotes/filter.aspx':
        return quotesFilter(visit, this.#sealer);
      default:
        return this.#numbered(visit);
    }
  }

  #numbered(visit: Visit): Answer | Promise<Answer> | undefined {
    const { path, origin } = visit;
    const id = /^\/api\/products\/([1-9]\d{0,8})$/.exec(path)?.[1];
    if (id !== undefined) return productDetail(Number(id), origin);
    if (path.startsWith('/sitemaps/')) return sitemapFile(path.slice('/sitemaps/'.length), origin);
    return this.#corners.answer(visit);
  }
}
