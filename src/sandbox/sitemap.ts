import { gzipSync } from 'node:zlib';
import type { Answer } from './answer.ts';
import { categories, categoryPath, productPath, products } from './catalogue.ts';
import { escaped } from './html.ts';

const PER_FILE = 500;
const NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"';

interface Entry {
  readonly path: string;
  readonly updatedAt?: string;
}

/** What crawlers may do here, and where the sitemap is. */
export function robotsTxt(origin: string): Answer {
  const body = `# All but /private/ is there to be crawled.
User-agent: *
Allow: /
Disallow: /private/

Sitemap: ${origin}/sitemap.xml
`;
  return { type: 'text/plain; charset=utf-8', body };
}

/** The index of the sitemaps. */
export function sitemapIndex(origin: string): Answer {
  const files = ['/sitemaps/pages.xml', '/sitemaps/products-1.xml', '/sitemaps/products-2.xml.gz'];
  return xml(
    'sitemapindex',
    'sitemap',
    origin,
    files.map((path) => ({ path })),
  );
}

/** A sitemap by its file name: fixed pages, the first half of the books, the other half gzipped. */
export function sitemapFile(name: string, origin: string): Answer | undefined {
  switch (name) {
    case 'pages.xml':
      return xml('urlset', 'url', origin, [
        ...['/', '/about.html', '/search', '/quotes/'].map((path) => ({ path })),
        ...categories().map((category) => ({ path: categoryPath(category) })),
      ]);
    case 'products-1.xml':
      return productSitemap(0, origin);
    case 'products-2.xml.gz':
      return { type: 'application/gzip', body: gzipSync(productSitemap(PER_FILE, origin).body) };
    default:
      return undefined;
  }
}

function productSitemap(first: number, origin: string): Answer {
  const entries = products()
    .slice(first, first + PER_FILE)
    .map((product) => ({ path: productPath(product), updatedAt: product.updatedAt }));
  return xml('urlset', 'url', origin, entries);
}

function xml(root: string, element: string, origin: string, entries: readonly Entry[]): Answer {
  const lines = entries.map(({ path, updatedAt }) => {
    const changed = updatedAt === undefined ? '' : `<lastmod>${updatedAt}</lastmod>`;
    return `<${element}><loc>${escaped(origin + path)}</loc>${changed}</${element}>`;
  });
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<${root} ${NAMESPACE}>\n${lines.join('\n')}\n</${root}>\n`;
  return { type: 'application/xml; charset=utf-8', body };
}
