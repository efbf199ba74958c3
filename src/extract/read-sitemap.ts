import { decodeXmlEntities } from '../markup/decode-xml-entities.ts';
import { PacedIterable } from '../markup/paced-iterable.ts';
import { END, END_TAG, START_TAG, TagScanner, TEXT } from '../markup/tag-scanner.ts';

/** One address of a sitemap, and what the sitemap says of it, as it is written there. */
export interface SitemapEntry {
  readonly loc: string;
  /** When the page last changed, W3C date format: `2026-05-01` or with a time. */
  readonly lastmod?: string;
  /** `always`, `hourly`, … `never`. */
  readonly changefreq?: string;
  /** `0.0` to `1.0`. */
  readonly priority?: string;
  /** The page in other languages: addresses of `<xhtml:link rel="alternate">`. */
  readonly alternate?: readonly string[];
}

/** A sitemap as far as its beginning tells. */
export interface Sitemap {
  /** Pages, other sitemaps, a plain list of pages, or nothing that is a sitemap. */
  readonly type: 'urlset' | 'sitemapindex' | 'list' | undefined;
  /** Read from the text as they are asked for: `for await` keeps the event loop free on large files. */
  readonly entries: PacedIterable<SitemapEntry>;
}

type Field = 'loc' | 'lastmod' | 'changefreq' | 'priority';

const FIELDS: ReadonlySet<string> = new Set(['loc', 'lastmod', 'changefreq', 'priority'] satisfies Field[]);
const ENTRIES: ReadonlySet<string> = new Set(['url', 'sitemap']);
const TOKENS_BETWEEN_BREATHS = 4096;
const LINES_BETWEEN_BREATHS = 1024;
/** Longer values are cut: no address or date is so long. */
const LONGEST_VALUE = 10_000;
const MOST_ALTERNATES = 1000;
const UNKNOWN_ENTITY = /&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z_][\w.-]*;/;
const WEB_ADDRESS = /^https?:\/\//i;

/**
 * Reads a sitemap or a sitemap index (sitemaps.org) in any namespace, or a plain list of addresses, one a line. No
 * tree is built. Of a broken file all is read that can be. Nothing in a DTD counts; an entry whose address needs an
 * entity other than the five of XML is left out, and so is one without an address.
 */
export function readSitemap(text: string): Sitemap {
  if (!/^[\ufeff\s]*</.test(text)) return { type: 'list', entries: new PacedIterable(() => lines(text)) };
  const root = rootName(text);
  const type = root === 'urlset' || root === 'sitemapindex' ? root : undefined;
  return { type, entries: new PacedIterable(() => (type === undefined ? [] : entries(text))) };
}

function rootName(text: string): string {
  const scanner = new TagScanner(text, 'xml');
  for (let kind = scanner.next(); kind !== END; kind = scanner.next())
    if (kind === START_TAG) return localName(scanner.name);
  return '';
}

function* lines(text: string): Generator<SitemapEntry | undefined> {
  let count = 0;
  for (let start = 0; start < text.length; ) {
    const lineEnd = text.indexOf('\n', start);
    const end = lineEnd === -1 ? text.length : lineEnd;
    const loc = text
      .slice(start, Math.min(end, start + LONGEST_VALUE))
      .replace('\ufeff', '')
      .trim();
    if (WEB_ADDRESS.test(loc)) yield { loc };
    start = end + 1;
    count += 1;
    if (count % LINES_BETWEEN_BREATHS === 0) yield undefined;
  }
}

function* entries(text: string): Generator<SitemapEntry | undefined> {
  const scanner = new TagScanner(text, 'xml');
  let open: OpenEntry | undefined;
  let tokens = 0;
  for (let kind = scanner.next(); kind !== END; kind = scanner.next()) {
    tokens += 1;
    if (tokens % TOKENS_BETWEEN_BREATHS === 0) yield undefined;
    if (kind === TEXT) open?.text(scanner);
    else if (
      kind === START_TAG &&
      ENTRIES.has(localName(scanner.name)) &&
      open?.hasName(scanner.name) !== false
    ) {
      if (open !== undefined) yield open.entry();
      open = scanner.selfClosing ? undefined : new OpenEntry(scanner.name);
    } else if (kind === START_TAG) open?.startTag(scanner);
    else if (kind === END_TAG && open?.hasName(scanner.name)) {
      yield open.entry();
      open = undefined;
    } else if (kind === END_TAG) open?.endTag();
  }
  if (open !== undefined) yield open.entry();
}

/** An entry that is being read. Only its own children count, not those of an image or a video within it. */
class OpenEntry {
  readonly #name: string;
  readonly #prefix: string;
  readonly #values = new Map<string, string>();
  readonly #alternate: string[] = [];
  #depth = 0;
  #field: string | undefined;
  #needsEntity = false;

  constructor(name: string) {
    this.#name = name;
    this.#prefix = name.slice(0, name.length - localName(name).length);
  }

  hasName(name: string): boolean {
    return name === this.#name;
  }

  startTag(scanner: TagScanner): void {
    const { name } = scanner;
    const field = localName(name);
    // A field that is not closed does not swallow the next one.
    const isField = FIELDS.has(field) && name === this.#prefix + field;
    if (isField && this.#field !== undefined) this.#depth = 0;
    if (this.#depth === 0) {
      this.#field = isField ? field : undefined;
      if (isField) this.#values.set(field, '');
      else if (field === 'link') this.#link(scanner);
    }
    if (!scanner.selfClosing) this.#depth += 1;
    else if (this.#depth === 0) this.#field = undefined;
  }

  endTag(): void {
    if (this.#depth > 0) this.#depth -= 1;
    if (this.#depth === 0) this.#field = undefined;
  }

  text(scanner: TagScanner): void {
    const field = this.#field;
    if (field === undefined || this.#depth !== 1) return;
    const before = this.#values.get(field) ?? '';
    if (before.length >= LONGEST_VALUE) return;
    const raw = scanner.text().slice(0, LONGEST_VALUE);
    if (field === 'loc' && !scanner.literal && UNKNOWN_ENTITY.test(raw)) this.#needsEntity = true;
    this.#values.set(field, before + (scanner.literal ? raw : decodeXmlEntities(raw)));
  }

  entry(): SitemapEntry | undefined {
    const loc = this.#value('loc');
    if (loc === undefined || this.#needsEntity) return undefined;
    const lastmod = this.#value('lastmod');
    const changefreq = this.#value('changefreq');
    const priority = this.#value('priority');
    return {
      loc,
      ...(lastmod !== undefined && { lastmod }),
      ...(changefreq !== undefined && { changefreq }),
      ...(priority !== undefined && { priority }),
      ...(this.#alternate.length > 0 && { alternate: this.#alternate }),
    };
  }

  /** Cut out of the file's text as a string of its own: an entry that is kept must not keep the file. */
  #value(field: Field): string | undefined {
    const value = this.#values.get(field)?.trim();
    return value ? ownCopy(value) : undefined;
  }

  #link(scanner: TagScanner): void {
    const href = scanner.attribute('href');
    if (href === undefined || this.#alternate.length >= MOST_ALTERNATES || UNKNOWN_ENTITY.test(href)) return;
    const rel = scanner.attribute('rel') ?? 'alternate';
    const address = decodeXmlEntities(href).trim();
    if (address !== '' && rel.trim().toLowerCase() === 'alternate') this.#alternate.push(ownCopy(address));
  }
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** A slice of a long string keeps the whole of it in memory. */
function ownCopy(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}
