import { openFile, writePageView } from '../../testing/page-view.ts';
import { printable } from '../../values/printable.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { openPageSession, type PageOptions, pageRequest } from '../page-session.ts';
import type { Terminal } from '../terminal.ts';

/** Options of `crawl view`. */
export interface ViewOptions extends PageOptions {
  /** False for `--no-open`. */
  readonly open: boolean;
}

/** Shows a page in the browser as the crawler gets it, and prints the path of the file. */
export async function view(terminal: Terminal, url: string, options: ViewOptions): Promise<number> {
  const request = await pageRequest(url, options);
  const { session } = await openPageSession(terminal, 'view', options);
  try {
    const response = await session.fetch(request);
    const path = writePageView(response);
    if (options.open && terminal.isInteractive) openFile(path);
    await terminal.write(`${path}\n`);
    if (response.ok) return EXIT_CODES.ok;
    terminal.say(`crawl: ${printable(response.url)} answered ${response.status}\n`);
    return EXIT_CODES.failed;
  } finally {
    await session.close();
  }
}
