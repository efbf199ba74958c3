import { CurlCommandError } from '../../errors/curl-command-error.ts';
import { type FormPart, formBody } from '../form-body.ts';
import { cmdWords, isCmdCommand } from './cmd-words.ts';
import { curlArguments, HAS_SCHEME } from './curl-arguments.ts';
import { basicToken, cookiesIn, formPart, readsFile, text, urlEncodedData } from './option-values.ts';
import { shellWords } from './shell-words.ts';

/** How a curl command is read. */
export interface CurlOptions {
  /** Leave options out that are not known, instead of an error. @defaultValue `false` */
  readonly ignoreUnknown?: boolean;
  /** Whose quotes it has: a Unix shell's, or those of the Windows command line. @defaultValue as it looks */
  readonly shell?: 'bash' | 'cmd';
}

/** What a curl command says of its request: only what stands in it. */
export interface CurlRequest {
  readonly method: string;
  readonly url: string;
  /** Headers that the command sets; `null`: it must not be sent. */
  readonly headers: readonly (readonly [name: string, value: string | null])[];
  /** Of `-b` and Cookie headers; inherits nothing, as names may be any text. Undefined: none. */
  readonly cookies: Readonly<Record<string, string>> | undefined;
  readonly body: Uint8Array | undefined;
  /** The Content-Type that curl sends although the command does not say so. */
  readonly impliedContentType: string | undefined;
  readonly proxy: string | undefined;
  readonly timeoutMs: number | undefined;
}

const PROGRAM = /^(?:.*[\\/])?curl(?:\.exe)?$/i;
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/**
 * Reads a curl command, as browsers copy it or as it stands in a manual. No file, variable or program is touched.
 *
 * @throws CurlCommandError when it is no such command, or says what can't be done here.
 */
export function parseCurl(command: string, { ignoreUnknown = false, shell }: CurlOptions = {}): CurlRequest {
  const isCmd = shell === undefined ? isCmdCommand(command) : shell === 'cmd';
  const [program = '', ...words] = isCmd ? cmdWords(command) : shellWords(command);
  if (!PROGRAM.test(program)) {
    throw new CurlCommandError(`it must begin with curl, not ${JSON.stringify(program.slice(0, 50))}`);
  }
  const { used, urls } = curlArguments(words, ignoreUnknown);
  const draft = new Draft();
  for (const [name, value] of used) draft.take(name, value);
  for (const url of urls) draft.take('url', url);
  return draft.finish();
}

/** Gathers what the options say. Values are byte strings. */
class Draft {
  readonly #flags = new Set<string>();
  readonly #urls: string[] = [];
  readonly #headers: [string, string | null][] = [];
  readonly #cookies: string[] = [];
  readonly #form: FormPart[] = [];
  readonly #defaults = new Map<string, string | null>();
  #method: string | undefined;
  #data: string | undefined;
  #isJson = false;
  #proxy: string | undefined;
  #timeoutMs: number | undefined;

  take(name: string, value: string): void {
    switch (name) {
      case 'url':
        this.#urls.push(value);
        return;
      case 'request':
        this.#method = text(value).toUpperCase();
        return;
      case 'header':
        this.#takeHeader(value);
        return;
      case 'cookie':
        if (!value.includes('=')) throw readsFile('-b', value);
        this.#cookies.push(text(value));
        return;
      case 'data':
      case 'data-ascii':
      case 'data-binary':
        if (value.startsWith('@')) throw readsFile(`--${name}`, value);
        this.#addData(value, '&');
        return;
      case 'data-raw':
        this.#addData(value, '&');
        return;
      case 'data-urlencode':
        this.#addData(urlEncodedData(value), '&');
        return;
      case 'json':
        if (value.startsWith('@')) throw readsFile('--json', value);
        this.#isJson = true;
        this.#addData(value, '');
        return;
      case 'form':
      case 'form-string':
        this.#form.push(formPart(value, name === 'form-string'));
        return;
      case 'user':
        this.#defaults.set('Authorization', `Basic ${basicToken(value)}`);
        return;
      case 'oauth2-bearer':
        this.#defaults.set('Authorization', `Bearer ${text(value)}`);
        return;
      case 'user-agent':
        this.#defaults.set('User-Agent', text(value) || null);
        return;
      case 'referer':
        this.#defaults.set('Referer', text(value).replace(/;auto$/, '') || null);
        return;
      case 'range':
        this.#defaults.set('Range', `bytes=${text(value)}`);
        return;
      case 'proxy':
        this.#proxy = HAS_SCHEME.test(value) ? text(value) : `http://${text(value)}`;
        return;
      case 'max-time':
        this.#timeoutMs = Number(value) * 1000;
        if (!(this.#timeoutMs > 0)) throw new CurlCommandError(`--max-time ${value} is no number of seconds`);
        return;
      default:
        this.#flags.add(name);
    }
  }

  finish(): CurlRequest {
    const data = this.#data;
    const inQuery = this.#flags.has('get') && data !== undefined;
    const url = this.#url(inQuery ? data : undefined);
    if (data !== undefined && this.#form.length > 0) {
      throw new CurlCommandError('-d and -F do not go together: a request has one body');
    }
    const form = this.#form.length > 0 ? formBody('multipart/form-data', this.#form, 'utf-8') : undefined;
    const body = inQuery || data === undefined ? form?.body : Buffer.from(data, 'latin1');
    if (this.#isJson) {
      this.#defaults.set('Content-Type', 'application/json');
      this.#defaults.set('Accept', 'application/json');
    }
    for (const [name, value] of this.#defaults) if (!this.#says(name)) this.#headers.push([name, value]);
    const plainType = body === undefined ? undefined : 'application/x-www-form-urlencoded';
    const usual = this.#flags.has('head') ? 'HEAD' : body === undefined ? 'GET' : 'POST';
    return {
      method: this.#method ?? usual,
      url,
      headers: this.#headers,
      cookies: this.#cookies.length === 0 ? undefined : cookiesIn(this.#cookies),
      body,
      impliedContentType: this.#says('Content-Type') ? undefined : (form?.contentType ?? plainType),
      proxy: this.#proxy,
      timeoutMs: this.#timeoutMs,
    };
  }

  #url(data: string | undefined): string {
    const [given, ...others] = this.#urls.filter((url) => url !== '');
    if (given === undefined) throw new CurlCommandError('it names no URL');
    if (others.length > 0) {
      throw new CurlCommandError(`it names ${others.length + 1} URLs: one command is one request`);
    }
    // Browsers write \[ and \{, as curl would take these for patterns.
    const plain = text(this.#flags.has('globoff') ? given : given.replace(/\\([[\]{}])/g, '$1'));
    const url = URL.parse(HAS_SCHEME.test(plain) ? plain : `http://${plain}`);
    if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
      throw new CurlCommandError(`${JSON.stringify(plain.slice(0, 200))} is no http or https URL`);
    }
    if (data !== undefined) url.search = url.search === '' ? text(data) : `${url.search}&${text(data)}`;
    return url.href;
  }

  #takeHeader(line: string): void {
    if (line.startsWith('@')) throw readsFile('-H', line);
    const colon = line.indexOf(':');
    const isEmpty = colon < 0 && /;\s*$/.test(line);
    const name = text(isEmpty ? line.replace(/;\s*$/, '') : line.slice(0, Math.max(colon, 0))).trim();
    if (!TOKEN.test(name)) throw new CurlCommandError(`-H ${JSON.stringify(text(line))} is no header`);
    const value = isEmpty ? '' : text(line.slice(colon + 1)).trim();
    if (name.toLowerCase() === 'cookie' && value !== '') this.#cookies.push(value);
    else this.#headers.push([name, value === '' && !isEmpty ? null : value]);
  }

  #addData(value: string, joint: string): void {
    this.#data = this.#data === undefined ? value : `${this.#data}${joint}${value}`;
  }

  #says(name: string): boolean {
    const key = name.toLowerCase();
    return this.#headers.some(([other]) => other.toLowerCase() === key);
  }
}
