import { scanLinks } from '../markup/link-scanner.ts';
import { type Element, isElement, type TreeNode } from '../markup/node.ts';
import { textContent, walk } from '../markup/text-content.ts';
import { trimCharacters } from '../markup/trim-characters.ts';
import { canonicalizeUrl } from '../values/canonical-url.ts';
import type { Link } from '../values/link.ts';
import { OptionNames } from '../values/option-names.ts';
import type { Response } from '../values/response.ts';
import { safeUrl } from '../values/safe-url.ts';
import { urlHasAnyExtension, urlIsFromAnyDomain } from '../values/url-domain.ts';
import { IGNORED_EXTENSIONS } from './ignored-extensions.ts';

/** One of something, or several. */
type OneOrMany<Value> = Value | readonly Value[];

/** Which links a `LinkExtractor` takes. */
export interface LinkExtractorOptions {
  /** Expressions that the absolute URL must match, one of them. @defaultValue any URL */
  readonly allow?: OneOrMany<RegExp | string>;
  /** Expressions that the absolute URL may not match; wins over `allow`. */
  readonly deny?: OneOrMany<RegExp | string>;
  /** Hosts, with their sub-domains. @defaultValue any host */
  readonly allowDomains?: OneOrMany<string>;
  /** Hosts that are left out, with their sub-domains. */
  readonly denyDomains?: OneOrMany<string>;
  /** File endings that are left out, without the dot. @defaultValue `IGNORED_EXTENSIONS` */
  readonly denyExtensions?: OneOrMany<string>;
  /** Look only into what these CSS queries find. */
  readonly restrictCss?: OneOrMany<string>;
  /** Look only into what these XPath expressions find. */
  readonly restrictXpath?: OneOrMany<string>;
  /** Expressions that the link's text must match, one of them. */
  readonly restrictText?: OneOrMany<RegExp | string>;
  /** Elements to look at; `*` is any. @defaultValue `a` and `area` */
  readonly tags?: OneOrMany<string>;
  /** Attributes that hold links; `*` is any. @defaultValue `href` */
  readonly attrs?: OneOrMany<string>;
  /** Elements that are not looked at, for `tags: '*'`. */
  readonly denyTags?: OneOrMany<string>;
  /** Attributes that are not looked at, for `attrs: '*'`. */
  readonly denyAttrs?: OneOrMany<string>;
  /** Each URL once. @defaultValue `true` */
  readonly unique?: boolean;
  /** Give URLs in their canonical spelling; with `unique`, spellings of one address count once. @defaultValue `false` */
  readonly canonicalize?: boolean;
  /** Cut blanks around the attribute's value. @defaultValue `true` */
  readonly strip?: boolean;
  /** Changes an attribute's value before it is resolved; `undefined` leaves the link out. */
  readonly processValue?: (value: string) => string | undefined;
}

/** A link as the page has it. */
interface FoundLink {
  readonly value: string;
  readonly text: string;
  readonly nofollow: boolean;
}

const OPTION_NAMES = new OptionNames({
  allow: true,
  deny: true,
  allowDomains: true,
  denyDomains: true,
  denyExtensions: true,
  restrictCss: true,
  restrictXpath: true,
  restrictText: true,
  tags: true,
  attrs: true,
  denyTags: true,
  denyAttrs: true,
  unique: true,
  canonicalize: true,
  strip: true,
  processValue: true,
} satisfies Record<keyof LinkExtractorOptions, true>);
const FOLLOWED = /^(?:https?|file|ftp):/;
const BLANKS = '\t\n\f\r ';
const NOFOLLOW = /(?:^|[\s,])nofollow(?:$|[\s,])/i;

/**
 * Takes links out of pages. Without `restrictCss` and `restrictXpath` it scans the page's text and builds no
 * tree. Scrapy's LinkExtractor.
 *
 * @throws SyntaxError on an expression that is none.
 * @throws UnknownOptionError when there is no such option.
 */
export class LinkExtractor {
  readonly #options: LinkExtractorOptions;
  readonly #allow: readonly RegExp[];
  readonly #deny: readonly RegExp[];
  readonly #restrictText: readonly RegExp[];
  readonly #allowDomains: readonly string[];
  readonly #denyDomains: readonly string[];
  readonly #denyExtensions: ReadonlySet<string>;
  readonly #restrictCss: readonly string[];
  readonly #restrictXpath: readonly string[];
  readonly #tags: Names;
  readonly #attrs: Names;

  constructor(options: LinkExtractorOptions = {}) {
    OPTION_NAMES.check('a link extractor', options);
    this.#options = options;
    this.#allow = expressions(options.allow);
    this.#deny = expressions(options.deny);
    this.#restrictText = expressions(options.restrictText);
    this.#allowDomains = listOf(options.allowDomains);
    this.#denyDomains = listOf(options.denyDomains);
    const endings = listOf(options.denyExtensions ?? IGNORED_EXTENSIONS);
    this.#denyExtensions = new Set(endings.map((ending) => `.${ending.toLowerCase().replace(/^\./, '')}`));
    this.#restrictCss = listOf(options.restrictCss);
    this.#restrictXpath = listOf(options.restrictXpath);
    this.#tags = new Names(options.tags ?? ['a', 'area'], options.denyTags);
    this.#attrs = new Names(options.attrs ?? 'href', options.denyAttrs);
  }

  /** The links of a page in document order; none on pages without markup. */
  extractLinks(response: Response): Link[] {
    if (response.kind !== 'html' && response.kind !== 'xml') return [];
    const links: Link[] = [];
    const seen = new Set<string>();
    const { unique = true, canonicalize = false } = this.#options;
    for (const found of this.#found(response)) {
      const url = this.#resolve(found.value, response);
      if (url === undefined || !this.#allows(url) || !matchesAny(this.#restrictText, found.text)) continue;
      const written = canonicalize ? canonicalizeUrl(url) : url;
      if (unique && seen.has(written)) continue;
      seen.add(written);
      links.push({ url: written, text: found.text, fragment: fragmentOf(written), nofollow: found.nofollow });
    }
    return links;
  }

  /** Whether a URL passes the rules that look at URLs. */
  matches(url: string): boolean {
    return FOLLOWED.test(url) && this.#allows(url);
  }

  #found(response: Response): Iterable<FoundLink> {
    const isWhole = this.#restrictCss.length === 0 && this.#restrictXpath.length === 0;
    if (!isWhole || response.kind === 'xml') return this.#inTree(response, isWhole);
    return scanLinks(response.text, {
      tags: this.#tags.wanted,
      attrs: this.#attrs.wanted,
      text: true,
    }).filter(({ tag, attr }) => this.#tags.has(tag) && this.#attrs.has(attr));
  }

  *#inTree(response: Response, isWhole: boolean): Generator<FoundLink> {
    const regions = isWhole
      ? [response.selector]
      : [
          ...this.#restrictXpath.flatMap((query) => [...response.xpath(query)]),
          ...this.#restrictCss.flatMap((query) => [...response.css(query)]),
        ];
    const roots = regions.filter(({ isElement: isRegion }) => isRegion).map(({ root }) => root as TreeNode);
    const { unique = true } = this.#options;
    if (!unique) {
      for (const region of roots) yield* this.#inRegion(region);
      return;
    }
    // What lies inside a region has no link that the region has not, so nested ones are walked once.
    const left = new Set(roots);
    for (const region of left) yield* this.#inRegion(region, (inside) => left.delete(inside));
  }

  *#inRegion(region: TreeNode, met?: (inside: Element) => void): Generator<FoundLink> {
    for (const node of isElement(region) ? [region, ...walk(region)] : walk(region)) {
      if (!isElement(node)) continue;
      met?.(node);
      if (this.#tags.has(node.name)) yield* this.#ofElement(node);
    }
  }

  *#ofElement(element: Element): Generator<FoundLink> {
    let text: string | undefined;
    for (const [name, value] of Object.entries(element.attribs)) {
      if (!this.#attrs.has(name)) continue;
      text ??= textContent(element);
      yield { value, text, nofollow: NOFOLLOW.test(element.attribs.rel ?? '') };
    }
  }

  #resolve(written: string, { baseUrl, encoding, kind }: Response): string | undefined {
    const { strip = true, processValue } = this.#options;
    const stripped = strip ? trimCharacters(written, BLANKS) : written;
    const value = processValue === undefined ? stripped : processValue(stripped);
    if (value === undefined) return undefined;
    try {
      const url = safeUrl(value, { base: baseUrl, encoding: kind === 'html' ? encoding : 'utf-8' });
      return FOLLOWED.test(url) ? url : undefined;
    } catch {
      // What is no URL leads nowhere.
      return undefined;
    }
  }

  #allows(url: string): boolean {
    if (!matchesAny(this.#allow, url)) return false;
    if (this.#deny.some((expression) => expression.test(url))) return false;
    if (this.#allowDomains.length > 0 && !urlIsFromAnyDomain(url, this.#allowDomains)) return false;
    if (this.#denyDomains.length > 0 && urlIsFromAnyDomain(url, this.#denyDomains)) return false;
    return !urlHasAnyExtension(url, this.#denyExtensions);
  }
}

/** Names that are wanted, but for some. */
class Names {
  readonly wanted: ReadonlySet<string>;
  readonly #denied: ReadonlySet<string>;

  constructor(wanted: OneOrMany<string>, denied: OneOrMany<string> | undefined) {
    this.wanted = new Set(listOf(wanted).map((name) => name.toLowerCase()));
    this.#denied = new Set(listOf(denied).map((name) => name.toLowerCase()));
  }

  has(name: string): boolean {
    return (this.wanted.has(name) || this.wanted.has('*')) && !this.#denied.has(name);
  }
}

function listOf<Value>(given: OneOrMany<Value> | undefined): readonly Value[] {
  if (given === undefined) return [];
  return Array.isArray(given) ? given : [given as Value];
}

/** Expressions that keep no place of their own between two tests. */
function expressions(given: OneOrMany<RegExp | string> | undefined): readonly RegExp[] {
  return listOf(given).map((one) =>
    typeof one === 'string' ? new RegExp(one) : new RegExp(one.source, one.flags.replaceAll(/[gy]/g, '')),
  );
}

function matchesAny(some: readonly RegExp[], text: string): boolean {
  return some.length === 0 || some.some((expression) => expression.test(text));
}

function fragmentOf(url: string): string {
  const at = url.indexOf('#');
  return at === -1 ? '' : url.slice(at + 1);
}
