import { InvalidRequestError } from '../errors/invalid-request-error.ts';
import { NotTextError } from '../errors/not-text-error.ts';
import { baseUrl } from '../markup/base-url.ts';
import { decodeText, sniffEncoding } from '../markup/encoding.ts';
import { scanLinks } from '../markup/link-scanner.ts';
import { type CheerioAPI, cheerioFor } from '../markup/load-cheerio.ts';
import { type MarkdownOptions, toMarkdown } from '../markup/markdown/to-markdown.ts';
import { type ResponseKind, responseKind } from '../markup/response-kind.ts';
import { Selector, type SelectorList, type XPathOptions } from '../markup/selector.ts';
import { SelectorError } from '../markup/selector-error.ts';
import { type FormRequestOptions, formRequest } from './form-request.ts';
import { HeaderMap, type HeadersInit } from './header-map.ts';
import type { Link } from './link.ts';
import { Request, type RequestOptions } from './request.ts';
import type { RequestMeta } from './request-meta.ts';
import { parseSafeUrl, safeUrl } from './safe-url.ts';

/** When each part of a download was reached, in milliseconds from its start. */
export interface DownloadTimings {
  /** Until the name was resolved and the connection stood; 0 on a kept connection. */
  readonly connectMs?: number;
  /** Until the first byte of the answer. Scrapy's download_latency. */
  readonly latencyMs: number;
  /** Until the last byte. */
  readonly totalMs: number;
}

/** What a response is made from. */
export interface ResponseInit {
  /** @defaultValue `200` */
  readonly status?: number;
  readonly headers?: HeadersInit;
  /** Bytes, or text that is encoded as UTF-8. */
  readonly body?: Uint8Array | string;
  /** `partial`, `cached`, … @defaultValue `[]` */
  readonly flags?: readonly string[];
  /** The request it answers. @defaultValue a GET of the same URL */
  readonly request?: Request;
  /** Encoding label that wins over all that the response says. */
  readonly encoding?: string;
  /** Failed tries before this answer. @defaultValue `0` */
  readonly retries?: number;
  readonly timings?: DownloadTimings;
  /** `http/1.1`, `h2`. */
  readonly protocol?: string;
  /** Address of the server. */
  readonly ipAddress?: string;
}

/** A source of links for `followAll`: exactly one of them. */
export type LinkSource =
  | string
  | { readonly css: string; readonly xpath?: never }
  | { readonly xpath: string; readonly css?: never }
  | Iterable<string | URL | Link | Selector>;

const BRAND = Symbol.for('orbweaver.Response');
const EVERY_LINK: ReadonlySet<string> = new Set(['a', 'a::attr(href)', 'a[href]']);

/**
 * An answer. Decoded, parsed and queried only when asked, once. Text helpers throw `NotTextError` on binary
 * bodies.
 */
export class Response {
  /** The address that answered. */
  readonly url: string;
  readonly status: number;
  readonly headers: HeaderMap;
  readonly body: Uint8Array;
  /** Labels such as `partial` or `cached`, shown in log lines. */
  readonly flags: readonly string[];
  readonly request: Request;
  /** Failed tries of its request before this answer. Scrapy's retry_times. */
  readonly retries: number;
  readonly timings: DownloadTimings | undefined;
  readonly protocol: string | undefined;
  readonly ipAddress: string | undefined;
  readonly #givenEncoding: string | undefined;
  #kind: ResponseKind | undefined;
  #encoding: string | undefined;
  #text: string | undefined;
  #selector: Selector | undefined;
  #baseUrl: string | undefined;
  #json: { readonly value: unknown } | undefined;

  constructor(url: string, init: ResponseInit = {}) {
    const { status = 200, headers, body = new Uint8Array(), flags = [], encoding } = init;
    this.url = url;
    this.status = status;
    this.headers = headers instanceof HeaderMap ? headers : new HeaderMap(headers);
    this.body = typeof body === 'string' ? Buffer.from(body, 'utf8') : body;
    this.flags = flags;
    this.request = init.request ?? new Request(url);
    this.retries = init.retries ?? 0;
    this.timings = init.timings;
    this.protocol = init.protocol;
    this.ipAddress = init.ipAddress;
    this.#givenEncoding = encoding ?? (typeof body === 'string' ? 'utf-8' : undefined);
  }

  /** Marks responses of any copy of the framework. */
  static {
    Object.defineProperty(Response.prototype, BRAND, { value: true });
  }

  /** Whether the status is 2xx. */
  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  /** The request's `meta`. */
  get meta(): RequestMeta {
    return this.request.meta;
  }

  /** The request's `cbKwargs`. */
  get cbKwargs(): unknown {
    return this.request.cbKwargs;
  }

  /** HTML, XML, JSON, other text or binary: by header, file name, address, then the first bytes. */
  get kind(): ResponseKind {
    this.#kind ??= responseKind({ url: this.url, headers: this.headers, body: this.body });
    return this.#kind;
  }

  /** The WHATWG name of the text's encoding: argument, byte-order mark, header, declaration, detection. */
  get encoding(): string {
    this.#encoding ??=
      this.#givenEncoding ??
      sniffEncoding(this.body, {
        contentType: this.headers.get('content-type') ?? null,
        kind: this.kind === 'xml' ? 'xml' : this.kind === 'html' ? 'html' : 'text',
      });
    return this.#encoding;
  }

  /** The decoded body. @throws NotTextError on a binary response. */
  get text(): string {
    this.#text ??= decodeText(this.#textBody('text'), this.encoding);
    return this.#text;
  }

  /** The root of the parsed document. @throws NotTextError on a binary response. */
  get selector(): Selector {
    this.#selector ??= new Selector({ text: this.#decoded('selector'), type: this.#selectorType() });
    return this.#selector;
  }

  /** Elements, texts (`::text`) or attributes (`::attr(name)`) by CSS. */
  css(query: string): SelectorList {
    return this.selector.css(query);
  }

  /** Nodes, texts, attributes or values by XPath 1.0. */
  xpath(query: string, options?: XPathOptions): SelectorList {
    return this.selector.xpath(query, options);
  }

  /**
   * cheerio over the page's tree, the same that selectors query; loaded at the first use.
   *
   * @throws NotTextError on a binary response; SelectorError on JSON.
   */
  get $(): CheerioAPI {
    const { document } = this.selector;
    if (document === undefined)
      throw new SelectorError('$', 'This is JSON: use json() or jmespath(), not $,');
    return cheerioFor(document);
  }

  /** The body as JSON, parsed once. @throws SyntaxError where it is not JSON. */
  json<Value = unknown>(): Value {
    this.#json ??= { value: JSON.parse(this.#decoded('json()')) };
    return this.#json.value as Value;
  }

  /** Values of a JSON body by JMESPath. */
  jmespath(query: string): SelectorList {
    return this.selector.jmespath(query);
  }

  /**
   * The main content as Markdown, as a reader view would show it, for people and language models: headings, lists,
   * tables, code; links absolute, scripts, forms and navigation left out. Text that is no HTML is given as it is.
   * Of a page the first 12,000 elements count as such, the rest as plain text, up to 500,000 characters.
   *
   * @throws MissingPackageError when `@mozilla/readability` or `turndown` is not installed; NotTextError on a binary
   * response.
   */
  markdown(options: MarkdownOptions = {}): string {
    const text = this.#decoded('markdown()');
    const { document } = this.kind === 'html' ? this.selector : {};
    if (document !== undefined) return toMarkdown(document, this.baseUrl, options);
    return text.slice(0, options.maxLength);
  }

  /** What relative links resolve against: the first `<base>` of an HTML page, else the URL. */
  get baseUrl(): string {
    this.#baseUrl ??= this.kind === 'html' ? baseUrl(this.text, this.url) : this.url;
    return this.#baseUrl;
  }

  /** An absolute URL for a link of this page. @throws TypeError on an invalid URL. */
  urlJoin(url: string): string {
    return new URL(url.trim(), this.baseUrl).href;
  }

  /**
   * A request for a link of this page: a relative or absolute URL, a `Link`, or a selected `<a>`, `<link>` or
   * `href` attribute.
   */
  follow<Args = unknown>(
    target: string | URL | Link | Selector,
    options: RequestOptions<Args> = {},
  ): Request {
    const encoding = this.#linkEncoding;
    const url = safeUrl(targetUrl(target).trim(), { base: this.baseUrl, encoding });
    return new Request(url, { encoding, ...options });
  }

  /**
   * Requests for many links of this page: a CSS query, `{ css }`, `{ xpath }`, or a list. Elements without a
   * link, and links that are no valid URL or not http(s), are left out.
   *
   * @throws InvalidRequestError when not one source is given; SelectorError on a query that cannot be read.
   */
  followAll<Args = unknown>(source: LinkSource, options: RequestOptions<Args> = {}): Request[] {
    const requests: Request[] = [];
    const encoding = this.#linkEncoding;
    const base = this.baseUrl;
    for (const target of this.#targets(source)) {
      const href = linkOf(target);
      if (href === undefined) continue;
      const url = parseSafeUrl(href.trim(), { base, encoding });
      if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) continue;
      requests.push(new Request(url, { encoding, ...options }));
    }
    return requests;
  }

  /**
   * A request that sends a form of this page with values of your own, as a browser would. Scrapy's
   * `FormRequest.from_response`.
   *
   * @throws FormError when there is no such form or button, or it is sent to no http(s) address.
   */
  submitForm<Args = unknown>(options: FormRequestOptions<Args> = {}): Request {
    return formRequest(this, options);
  }

  /** A copy, which parses for itself. */
  copy(): Response {
    return this.replace({});
  }

  /** A copy with some members changed. */
  replace(changes: ResponseInit & { readonly url?: string }): Response {
    const { url = this.url, ...init } = changes;
    return new Response(url, {
      status: this.status,
      headers: this.headers,
      body: this.body,
      flags: this.flags,
      request: this.request,
      retries: this.retries,
      ...(this.#givenEncoding !== undefined && init.body === undefined && { encoding: this.#givenEncoding }),
      ...(this.timings && { timings: this.timings }),
      ...(this.protocol !== undefined && { protocol: this.protocol }),
      ...(this.ipAddress !== undefined && { ipAddress: this.ipAddress }),
      ...init,
    });
  }

  get #linkEncoding(): string {
    return this.kind === 'binary' ? 'utf-8' : this.encoding;
  }

  #targets(source: LinkSource): Iterable<string | URL | Link | Selector> {
    if (typeof source === 'string') return this.#linksByCss(source);
    // What css() gives has css() and xpath() itself.
    if (Symbol.iterator in source) return source;
    const { css, xpath } = source;
    if ((css === undefined) === (xpath === undefined)) {
      throw new InvalidRequestError(
        'followAll() needs one source: a CSS query, { css }, { xpath } or a list',
      );
    }
    return css === undefined ? this.xpath(xpath ?? '') : this.#linksByCss(css);
  }

  /** Every link of a page that nobody has parsed yet needs no tree. */
  #linksByCss(query: string): Iterable<string | Selector> {
    const scannable = this.#selector === undefined && this.kind === 'html' && EVERY_LINK.has(query.trim());
    return scannable
      ? scanLinks(this.text).flatMap(({ tag, value }) => (tag === 'a' ? [value] : []))
      : this.css(query);
  }

  #selectorType(): 'html' | 'xml' | 'json' | 'text' {
    return this.kind === 'binary' ? 'text' : this.kind;
  }

  #textBody(helper: string): Uint8Array {
    if (this.kind === 'binary') throw new NotTextError(this.url, helper, this.headers.get('content-type'));
    return this.body;
  }

  #decoded(helper: string): string {
    this.#textBody(helper);
    return this.text;
  }
}

/** Whether a value is a response of any copy of the framework. */
export function isResponse(value: unknown): value is Response {
  return typeof value === 'object' && value !== null && BRAND in value;
}

function targetUrl(target: string | URL | Link | Selector): string {
  const url = linkOf(target);
  if (url !== undefined) return url;
  throw new InvalidRequestError(
    'follow() needs an element with an href or src attribute, or an attribute selected with ::attr(href)',
  );
}

function linkOf(target: string | URL | Link | Selector): string | undefined {
  if (typeof target === 'string') return target;
  if (target instanceof URL) return target.href;
  if (!(target instanceof Selector)) return target.url;
  return target.isElement ? (target.attrib.href ?? target.attrib.src) : target.get();
}
