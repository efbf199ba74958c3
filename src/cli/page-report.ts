import { LinkExtractor, MissingPackageError, type Response } from '../api.ts';
import { oneLine, pageText, pageTitle } from './site/page-facts.ts';

const MOST_HEADINGS = 1000;
const MOST_DATA = 100;

/** Every link of a page, absolute, each once, in its order; without fragments. */
export function pageLinks(response: Response): string[] {
  const links = new LinkExtractor({ denyExtensions: [] }).extractLinks(response);
  return [...new Set(links.map(({ url }) => url.replace(/#.*/s, '')))];
}

/** What is to be known of a page, for programs. */
export function pageReport(response: Response): Record<string, unknown> {
  const { url, status, kind } = response;
  const type = response.headers.get('content-type') ?? null;
  if (kind !== 'html') return { url, status, type, ...(kind !== 'binary' && { text: response.text }) };
  const meta = metaOf(response);
  const canonical = response.css('link[rel~="canonical"]::attr(href)').get();
  return {
    url,
    status,
    type,
    title: pageTitle(response),
    description: meta.description ?? meta['og:description'] ?? null,
    language: response.css('html::attr(lang)').get() ?? null,
    canonical: canonical === null ? null : (URL.parse(canonical.trim(), response.baseUrl)?.href ?? null),
    headings: [...response.css('h1, h2, h3, h4, h5, h6')].slice(0, MOST_HEADINGS).map((heading) => ({
      level: Number(heading.xpath('substring(name(), 2)').get()),
      text: oneLine(heading.text),
    })),
    ...content(response),
    links: pageLinks(response),
    meta,
    jsonLd: structuredData(response),
  };
}

function content(response: Response): { readonly markdown: string } | { readonly text: string } {
  try {
    return { markdown: response.markdown() };
  } catch (error) {
    if (!(error instanceof MissingPackageError)) throw error;
    return { text: pageText(response) };
  }
}

/** Names from the web stand on an object that inherits nothing. */
function metaOf(response: Response): Record<string, string> {
  const meta: Record<string, string> = Object.create(null);
  for (const { attrib } of response.css('meta[content]')) {
    const name = (attrib.name ?? attrib.property)?.trim().toLowerCase();
    if (name && meta[name] === undefined) meta[name] = attrib.content ?? '';
  }
  return meta;
}

/** What can be read of `<script type="application/ld+json">`. */
function structuredData(response: Response): unknown[] {
  const scripts = [...response.css('script[type="application/ld+json"]')].slice(0, MOST_DATA);
  return scripts.flatMap((script) => {
    try {
      return [JSON.parse(script.text)];
    } catch {
      // Pages write what is no JSON there, too.
      return [];
    }
  });
}
