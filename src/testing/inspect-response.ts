import type { Spider } from '../spider/spider.ts';
import type { Response } from '../values/response.ts';
import { openPrompt } from './page-prompt.ts';
import { openInBrowser } from './page-view.ts';

/** What a prompt is opened with instead of the terminal of this process. */
export interface InspectTerminal {
  readonly isInteractive: boolean;
  say(text: string): void;
  prompt(names: Readonly<Record<string, PropertyDescriptor>>): Promise<void>;
}

const HELP = `  response, request, spider   what the callback has
  css(q), xpath(q)            select: css('h1::text').get()
  await fetch(url)            another page, by the rules of the crawl
  view()                      the page in the browser, without scripts or network
  help()                      these lines
  .exit                       go on with the crawl
`;

/** One prompt at a time: callbacks that run at once wait for each other. */
let before: Promise<void> = Promise.resolve();

/**
 * Opens the prompt of `crawl shell` in the middle of a callback, with its page: `await inspectResponse(response, this)`.
 * The callback goes on when the prompt is left by `.exit` or Ctrl-D; other pages go on meanwhile. Does nothing but
 * say so where there is no terminal, so that a forgotten call holds up no server. Scrapy's inspect_response.
 */
export async function inspectResponse(
  response: Response,
  spider?: Pick<Spider, 'name' | 'fetch'>,
  terminal: InspectTerminal = PROCESS_TERMINAL,
): Promise<void> {
  if (!terminal.isInteractive) {
    terminal.say(`inspectResponse: there is no terminal to look at ${response.url} in\n`);
    return;
  }
  const own = before.then(async () => {
    terminal.say(`\n${response.status} ${response.url}\n${HELP}`);
    await terminal.prompt(namesFor(response, spider, terminal));
  });
  before = own.catch(() => {});
  await own;
}

function namesFor(
  response: Response,
  spider: Pick<Spider, 'name' | 'fetch'> | undefined,
  terminal: InspectTerminal,
): Record<string, PropertyDescriptor> {
  const help = (): void => terminal.say(HELP);
  return {
    help: { value: help },
    shelp: { value: help },
    response: { value: response },
    request: { value: response.request },
    css: { value: (query: string) => response.css(query) },
    xpath: { value: (query: string) => response.xpath(query) },
    view: { value: (page: Response = response) => openInBrowser(page) },
    ...(spider && {
      spider: { value: spider },
      fetch: { value: (url: string | URL) => spider.fetch(url) },
    }),
  };
}

const PROCESS_TERMINAL: InspectTerminal = {
  get isInteractive() {
    return process.stdin.isTTY === true && process.stdout.isTTY === true;
  },
  say: (text) => {
    process.stderr.write(text);
  },
  prompt: (names) => openPrompt(names),
};
