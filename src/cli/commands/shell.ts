import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Script } from 'node:vm';
import { Response } from '../../api.ts';
import { userCache } from '../../crawler/user-cache.ts';
import { errorMessage, errorName, isCrawlError } from '../../errors/crawl-error.ts';
import { openPrompt, shown } from '../../testing/page-prompt.ts';
import { openFile, writePageView } from '../../testing/page-view.ts';
import { statIfThere } from '../../values/stat-if-there.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import type { FetchSession } from '../fetch-session.ts';
import { openPageSession, type PageOptions, pageRequest } from '../page-session.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

/** Options of `crawl shell`. */
export interface ShellOptions extends PageOptions {
  readonly code?: string;
}

/** Opens a prompt with a page in it; with `-c` runs one piece of code instead. */
export async function shell(
  terminal: Terminal,
  place: string | undefined,
  options: ShellOptions,
): Promise<number> {
  const { session, reference } = await openPageSession(terminal, 'shell', options);
  const page = new ShellPage(terminal, session, options);
  try {
    if (place !== undefined) await page.open(place);
    if (options.code === undefined) await prompt(terminal, page, place, reference);
    else await terminal.write(printed(await evaluateOnce(options.code, page)));
  } finally {
    await session.close();
  }
  return EXIT_CODES.ok;
}

const HELP = `  response, request   the page, and what was asked
  css(q), xpath(q)    select: css('h1::text').get(), xpath('//a/@href').getAll()
  fetch(url)          another page: it becomes \`response\`
  view()              the page in the browser, without scripts or network
  settings            the settings in use
  help()              these lines
  .exit               leave`;

/** The names that code in the shell sees. */
class ShellPage {
  readonly #terminal: Terminal;
  readonly #session: FetchSession;
  readonly #options: ShellOptions;
  response: Response | undefined;

  constructor(terminal: Terminal, session: FetchSession, options: ShellOptions) {
    this.#terminal = terminal;
    this.#session = session;
    this.#options = options;
  }

  /** A URL, or a file of this machine; a path without a file is one of the site that is open. */
  async open(place: string): Promise<Response> {
    const path = resolve(this.#terminal.cwd, place);
    const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(place);
    if (!hasScheme && statIfThere(path)?.isFile()) return this.#openFile(path);
    this.response = await this.#session.fetch(await pageRequest(this.#urlOf(place), this.#options));
    return this.response;
  }

  #urlOf(place: string): string {
    const isPath = /^(?:\/(?!\/)|\.{1,2}\/|~\/|[?#])/.test(place);
    const base = this.response?.url;
    if (isPath && base?.startsWith('http') && !place.startsWith('~')) return new URL(place, base).href;
    // No site's name ends like this; a path below one has a slash.
    if (!isPath && !/^[^/]+\.(html?|xml|json)$/i.test(place)) return place;
    throw new UsageError(`there is no file ${place}`, 'Write a URL in full: https://books.toscrape.com/');
  }

  /** What the code sees: getters, so that `fetch` changes `response` for what follows. */
  names(): Record<string, PropertyDescriptor> {
    const { settings } = this.#session.crawler;
    const help = (): void => this.#terminal.say(`${HELP}\n`);
    return {
      response: { get: () => this.response },
      request: { get: () => this.response?.request },
      settings: { value: settings },
      css: { value: (query: string) => this.#page().css(query) },
      xpath: { value: (query: string) => this.#page().xpath(query) },
      fetch: { value: (place: string | URL) => this.open(String(place)) },
      view: { value: (response: Response = this.#page()) => this.#view(response) },
      help: { value: help },
      shelp: { value: help },
    };
  }

  #page(): Response {
    if (this.response !== undefined) return this.response;
    throw new UsageError("there is no page yet: fetch('https://…') gets one");
  }

  #view(response: Response): string {
    const path = writePageView(response);
    if (this.#terminal.isInteractive) openFile(path);
    return path;
  }

  #openFile(path: string): Response {
    this.response = new Response(pathToFileURL(path).href, { body: readFileSync(path) });
    return this.response;
  }
}

/** @throws UsageError with what the code threw, unless that says more. */
async function evaluateOnce(code: string, page: ShellPage): Promise<unknown> {
  try {
    return await evaluate(code, page);
  } catch (error) {
    if (error instanceof UsageError || isCrawlError(error)) throw error;
    throw new UsageError(`-c: ${errorName(error)}: ${errorMessage(error)}`, `The code was: ${code}`);
  }
}

/** Runs code as an expression, else as statements, and gives its value. */
function evaluate(code: string, page: ShellPage): Promise<unknown> {
  const scope: object = Object.defineProperties({}, page.names());
  try {
    return runnerOf(`return (${code}\n);`)(scope);
  } catch {
    return statements(code)(scope);
  }
}

/** @throws SyntaxError about the code alone, not about what stands around it. */
function statements(code: string): (scope: object) => Promise<unknown> {
  try {
    return runnerOf(code);
  } catch (error) {
    try {
      new Script(code);
    } catch (own) {
      // Scripts know no `await` and no `return` at their top; there the first error is as good.
      throw /await|return/.test(errorMessage(own)) ? error : own;
    }
    throw error;
  }
}

/** `with` reads the names anew each time: after `await fetch(url)`, `response` is the new page. */
function runnerOf(body: string): (scope: object) => Promise<unknown> {
  const Runner = Object.getPrototypeOf(async () => {}).constructor as new (
    ...words: string[]
  ) => (scope: object) => Promise<unknown>;
  return new Runner('scope', `with (scope) { ${body}\n }`);
}

/** Text as it is, everything else as the prompt would show it. */
function printed(value: unknown): string {
  if (value === undefined) return '';
  return `${typeof value === 'string' ? value : shown(value, { depth: 4, maxArrayLength: 1000 })}\n`;
}

async function prompt(
  terminal: Terminal,
  page: ShellPage,
  place: string | undefined,
  reference: string | undefined,
): Promise<void> {
  const title = page.response === undefined ? 'no page yet' : `${page.response.status} ${page.response.url}`;
  terminal.say(
    `${reference === undefined ? '' : `spider ${reference}, `}${place === undefined ? 'no page' : title}\n${HELP}\n`,
  );
  const history = terminal.isScreen ? userCache('history') : undefined;
  await openPrompt(page.names(), { history: history && join(history, 'shell') });
}
