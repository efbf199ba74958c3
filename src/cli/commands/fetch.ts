import { EXIT_CODES } from '../exit-codes.ts';
import { openPageSession, type PageOptions, pageRequest } from '../page-session.ts';
import { printedHeaders } from '../print-headers.ts';
import type { Terminal } from '../terminal.ts';

/** Options of `crawl fetch`. */
export interface FetchOptions extends PageOptions {
  readonly headers?: true;
}

/** Prints a page's body as it came, unpacked; with `--headers` what was sent and received. */
export async function fetch(terminal: Terminal, url: string, options: FetchOptions): Promise<number> {
  const request = await pageRequest(url, options);
  const { session } = await openPageSession(terminal, 'fetch', options);
  try {
    const response = await session.fetch(request);
    await terminal.write(options.headers ? printedHeaders(response) : response.body);
    if (response.ok) return EXIT_CODES.ok;
    terminal.say(`crawl: ${response.url} answered ${response.status}\n`);
    return EXIT_CODES.failed;
  } finally {
    await session.close();
  }
}
