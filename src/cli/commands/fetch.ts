import type { Request, Response, WireExchange } from '../../api.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { openPageSession, type PageOptions, pageRequest } from '../page-session.ts';
import { printedHeaders } from '../print-headers.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

/** Options of `crawl fetch`. */
export interface FetchOptions extends PageOptions {
  readonly headers?: true;
  readonly markdown?: true;
  readonly json?: true;
  readonly links?: true;
}

/** Prints a page's body as it came, unpacked, or one view of it: headers, Markdown, facts as JSON, links. */
export async function fetch(terminal: Terminal, url: string, options: FetchOptions): Promise<number> {
  const views = (['headers', 'markdown', 'json', 'links'] as const).filter((view) => options[view]);
  if (views.length > 1) {
    const named = views.map((view) => `--${view}`).join(' and ');
    throw new UsageError(`${named} exclude each other`, 'Give one of them.');
  }
  const request = await pageRequest(url, options);
  const exchanges = new WeakMap<Request, WireExchange>();
  const { session } = await openPageSession(terminal, 'fetch', options, (sent, exchange) => {
    exchanges.set(sent, exchange);
  });
  try {
    const response = await session.fetch(request);
    await terminal.write(await viewed(response, views[0], exchanges.get(response.request)));
    if (response.ok) return EXIT_CODES.ok;
    terminal.say(`crawl: ${response.url} answered ${response.status}\n`);
    return EXIT_CODES.failed;
  } finally {
    await session.close();
  }
}

async function viewed(
  response: Response,
  view: 'headers' | 'json' | 'links' | 'markdown' | undefined,
  exchange: WireExchange | undefined,
): Promise<string | Uint8Array> {
  if (view === undefined) return response.body;
  if (view === 'headers') return printedHeaders(response, exchange);
  if (view === 'markdown') return `${response.markdown()}\n`;
  const { pageLinks, pageReport } = await import('../page-report.ts');
  if (view === 'json') return `${JSON.stringify(pageReport(response), undefined, 2)}\n`;
  return pageLinks(response)
    .map((url) => `${url}\n`)
    .join('');
}
