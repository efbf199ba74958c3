import { InvalidCallbackError } from '../errors/invalid-callback-error.ts';
import { InvalidRequestError } from '../errors/invalid-request-error.ts';
import { encodeText } from '../markup/encoding.ts';
import type { Callback, CallbackReference, Errback } from './callback.ts';
import { type CurlOptions, type CurlRequest, parseCurl } from './curl/parse-curl.ts';
import { toCurl } from './curl/to-curl.ts';
import { type FormPart, urlEncoded } from './form-body.ts';
import { HeaderMap, type HeadersInit } from './header-map.ts';
import { OptionNames } from './option-names.ts';
import type { RequestMeta } from './request-meta.ts';
import { safeUrl } from './safe-url.ts';
import { originOf } from './url-origin.ts';

/** A cookie to send, in full. */
export interface RequestCookie {
  readonly name: string;
  readonly value: string | number | boolean;
  readonly domain?: string;
  readonly path?: string;
  readonly secure?: boolean;
}

/** Cookies to send with a request. */
export type RequestCookies = Readonly<Record<string, string | number | boolean>> | readonly RequestCookie[];

/** A form's fields: names may repeat. */
export type FormFields =
  | Readonly<Record<string, string | number | boolean | readonly (string | number | boolean)[]>>
  | Iterable<readonly [string, string | number | boolean]>;

/** All that a request may say besides its URL. */
export interface RequestOptions<Args = unknown> {
  /** HTTP method, upper-cased. @defaultValue `GET`, with `formData` or `json` `POST` */
  readonly method?: string;
  /** Headers; a `null` value means: do not send this header, not even its default. */
  readonly headers?: HeadersInit;
  /** Body; text is encoded with `encoding`. */
  readonly body?: string | Uint8Array;
  /** Label of the encoding for the body and the URL's query. @defaultValue `utf-8` */
  readonly encoding?: string;
  /** Form fields, sent url-encoded; with method GET they replace the query. Scrapy's FormRequest. */
  readonly formData?: FormFields;
  /** A value sent as JSON. Scrapy's JsonRequest. */
  readonly json?: unknown;
  /** The spider's method for the response, or its name. @defaultValue the spider's `parse` */
  readonly callback?: Callback<Args> | string | undefined;
  /** The spider's method for a failure: called once, after the last retry. */
  readonly errback?: Errback<Args> | string | undefined;
  /** Handed to the callback or errback as its second argument; survives retries, redirects and restarts, so it must be plain data. */
  readonly cbKwargs?: Args;
  /** Options for components and your own notes; copied. */
  readonly meta?: RequestMeta;
  /** Higher goes first. @defaultValue `0` */
  readonly priority?: number;
  /** Skip the duplicate filter. @defaultValue `false` */
  readonly dontFilter?: boolean;
  /** Cookies to send, and to store in the jar for this URL. */
  readonly cookies?: RequestCookies;
  /** Free labels, shown in log lines. */
  readonly flags?: readonly string[];
}

const BRAND = Symbol.for('orbweaver.Request');
const OPTION_NAMES = new OptionNames(
  {
    method: true,
    headers: true,
    body: true,
    encoding: true,
    formData: true,
    json: true,
    callback: true,
    errback: true,
    cbKwargs: true,
    meta: true,
    priority: true,
    dontFilter: true,
    cookies: true,
    flags: true,
  } satisfies Record<keyof RequestOptions, true>,
  { data: 'json' },
);
const NO_FLAGS: readonly string[] = Object.freeze([]);
const METHOD = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const SCHEME = /^[a-z][a-z0-9+.-]*:/i;

/**
 * A page to fetch. URL, method, headers and body never change; `priority` and `meta` may be set by components
 * until the request is queued. Make changed copies with `replace()`. `Args` only ties `cbKwargs` to what the
 * callback takes; requests of any `Args` are one type.
 *
 * @throws InvalidRequestError when the URL has no scheme or an option has a wrong type.
 * @throws UnknownOptionError when there is no such option.
 * @throws InvalidCallbackError when a callback is not a named function.
 */
export class Request<Args = unknown> {
  /** Absolute, percent-encoded. */
  readonly url: string;
  readonly method: string;
  readonly headers: HeaderMap;
  readonly body: Uint8Array | undefined;
  readonly encoding: string;
  readonly callback: CallbackReference | undefined;
  readonly errback: CallbackReference | undefined;
  readonly cbKwargs: unknown;
  readonly cookies: RequestCookies | undefined;
  readonly flags: readonly string[];
  readonly dontFilter: boolean;
  priority: number;
  readonly meta: RequestMeta;

  constructor(url: string | URL, options: RequestOptions<Args> = {}) {
    OPTION_NAMES.check('a request', options);
    const { method, headers, body, formData, json, encoding = 'utf-8', callback, errback } = options;
    const { priority = 0, meta, flags = NO_FLAGS, dontFilter = false, cookies, cbKwargs } = options;
    const given = typeof url === 'string' ? url : url.href;
    if (typeof given !== 'string') throw new InvalidRequestError(`a request needs a URL, got ${typeof url}`);
    if (!SCHEME.test(given.trimStart())) {
      throw new InvalidRequestError(
        `${JSON.stringify(given.slice(0, 200))} is not an absolute URL: add its scheme, or use response.follow() for a relative link`,
      );
    }
    if (typeof priority !== 'number' || !Number.isFinite(priority)) {
      throw new InvalidRequestError(`${given}: priority must be a finite number, got ${String(priority)}`);
    }
    if (method !== undefined && !METHOD.test(method)) {
      throw new InvalidRequestError(`${given}: ${JSON.stringify(method)} is not an HTTP method`);
    }
    this.encoding = encoding;
    this.headers = new HeaderMap(headers);
    this.callback = checkCallback('callback', callback);
    this.errback = checkCallback('errback', errback);
    this.cbKwargs = cbKwargs;
    this.cookies = cookies;
    this.flags = flags;
    this.dontFilter = dontFilter;
    this.priority = priority;
    this.meta = { ...meta };

    // What is a URL already is parsed once only: a page may have thousands of links.
    let address = url instanceof URL ? given : parsedUrl(given, encoding);
    let content: string | Uint8Array | undefined = body;
    let verb = method?.toUpperCase();
    if (formData !== undefined) {
      verb ??= 'POST';
      const encoded = encodeForm(formData, encoding);
      if (verb === 'GET') {
        address = withQuery(address, encoded);
      } else {
        this.headers.setDefault('Content-Type', 'application/x-www-form-urlencoded');
        content = encoded;
      }
    } else if (json !== undefined) {
      verb ??= 'POST';
      this.headers.setDefault('Content-Type', 'application/json');
      this.headers.setDefault('Accept', 'application/json, text/javascript, */*; q=0.01');
      content = JSON.stringify(json);
    }
    this.url = address;
    // Where `meta` is copied into a request for another host, the login must not go there.
    if (this.meta.httpUser !== undefined || this.meta.httpPass !== undefined) {
      this.meta.httpAuthOrigin ??= originOf(address);
    }
    this.method = verb ?? 'GET';
    this.body = typeof content === 'string' ? encodeBody(content, encoding) : content;
  }

  /** Marks requests of any copy of the framework. */
  static {
    Object.defineProperty(Request.prototype, BRAND, { value: true });
  }

  /**
   * The request of a curl command, such as a browser's "copy as cURL"; options given here win over those of the
   * command. No file or variable is read. Accept-Encoding is left to the downloader, which says what it can
   * unpack; redirects, TLS checks and retries are left to the settings.
   *
   * @throws CurlCommandError when it is no curl command, has options that are not known, or reads files.
   */
  static fromCurl<Args = unknown>(
    command: string,
    options: CurlOptions & RequestOptions<Args> = {},
  ): Request {
    const { ignoreUnknown, shell, ...own } = options;
    const reading = { ...(ignoreUnknown !== undefined && { ignoreUnknown }), ...(shell && { shell }) };
    const read = parseCurl(command, reading);
    return new Request(read.url, { ...optionsOf(read), ...own, meta: { ...metaOf(read), ...own.meta } });
  }

  /**
   * The request as a curl command for a Unix shell. **It holds the request's secrets**: cookies, Authorization,
   * passwords. The cookie jar and the default headers of the crawl are not in it.
   */
  toCurl(): string {
    return toCurl(this);
  }

  /** An equal request, its own in every part. */
  copy(): Request {
    return this.replace({});
  }

  /** A new request with some members changed; `meta` and `headers` are copied. */
  replace<Changed = unknown>(changes: RequestChanges<Changed>): Request {
    const { url = this.url, ...rest } = changes;
    const kept = {
      method: this.method,
      headers: this.headers,
      ...(this.body && { body: this.body }),
      encoding: this.encoding,
      callback: this.callback,
      errback: this.errback,
      cbKwargs: this.cbKwargs,
      ...(this.cookies && { cookies: this.cookies }),
      flags: this.flags,
      dontFilter: this.dontFilter,
      priority: this.priority,
      meta: this.meta,
    };
    return new Request(url, { ...kept, ...rest } as RequestOptions);
  }
}

/** What `Request.replace()` takes: any option, and the URL; `undefined` takes a member away. */
export type RequestChanges<Args = unknown> = { readonly url?: string | URL } & {
  readonly [Key in keyof RequestOptions<Args>]?: RequestOptions<Args>[Key] | undefined;
};

/** Whether a value is a request of any copy of the framework. */
export function isRequest(value: unknown): value is Request {
  return typeof value === 'object' && value !== null && BRAND in value;
}

function optionsOf({
  method,
  headers,
  cookies,
  body,
  impliedContentType,
}: CurlRequest): Pick<RequestOptions, 'method' | 'headers' | 'cookies' | 'body'> {
  const all = new HeaderMap(headers);
  if (impliedContentType !== undefined) all.setDefault('Content-Type', impliedContentType);
  if (all.get('accept-encoding') !== 'identity') all.delete('accept-encoding');
  return { method, headers: all, ...(cookies && { cookies }), ...(body && { body }) };
}

function metaOf({ proxy, timeoutMs }: CurlRequest): RequestMeta {
  return {
    ...(proxy !== undefined && { proxy }),
    ...(timeoutMs !== undefined && { downloadTimeoutMs: timeoutMs }),
  };
}

function parsedUrl(url: string, encoding: string): string {
  try {
    return safeUrl(url, encoding === 'utf-8' ? undefined : { encoding });
  } catch (cause) {
    throw new InvalidRequestError(`${JSON.stringify(url.slice(0, 200))} is not a valid URL`, { cause });
  }
}

function checkCallback(role: string, given: unknown): CallbackReference | undefined {
  if (given === undefined || given === null) return undefined;
  if (typeof given === 'string') return given;
  if (typeof given !== 'function') {
    throw new InvalidCallbackError(`${role} must be a method of the spider, got ${typeof given}`);
  }
  if (given.name === '' || given.name.startsWith('bound ')) {
    throw new InvalidCallbackError(
      `${role} must be a method of the spider such as this.parseItem, ` +
        `got ${given.name === '' ? 'an anonymous function' : `the ${given.name}`}: ` +
        'requests are stored with the name of their callback, and this.parseItem needs no bind()',
    );
  }
  return given as CallbackReference;
}

function encodeForm(data: FormFields, encoding: string): string {
  const fields: FormPart[] = [];
  const pairs = Symbol.iterator in data ? data : Object.entries(data);
  for (const [name, value] of pairs as Iterable<[string, unknown]>) {
    for (const one of Array.isArray(value) ? value : [value]) fields.push([name, String(one)]);
  }
  return urlEncoded(fields, encoding);
}

function withQuery(address: string, query: string): string {
  const url = new URL(address);
  url.search = query;
  return url.href;
}

function encodeBody(text: string, encoding: string): Uint8Array {
  if (encoding === 'utf-8') return Buffer.from(text, 'utf8');
  return encodeText(text, encoding);
}
