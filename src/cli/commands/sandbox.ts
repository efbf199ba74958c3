import { commandPrefix } from '../command-prefix.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { onInterrupt } from '../interrupts.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

/** Options of `crawl sandbox`. */
export interface SandboxCommandOptions {
  readonly port: string;
  readonly host: string;
}

/** Serves the practice site until Ctrl-C. */
export async function sandbox(terminal: Terminal, { port, host }: SandboxCommandOptions): Promise<number> {
  const number = Number(port);
  if (!/^\d+$/.test(port) || number > 65_535) {
    throw new UsageError(`--port ${port}: expected a number from 0 to 65535`, '0 takes a free port.');
  }
  const { startSandbox } = await import('../../sandbox/sandbox-server.ts');
  const site = await startSandbox({ port: number, host }).catch((fault: NodeJS.ErrnoException) => {
    if (fault.code === 'EADDRINUSE') {
      throw new UsageError(`port ${number} of ${host} is in use`, 'Choose another: crawl sandbox --port 0');
    }
    if (fault.code === 'EACCES') {
      throw new UsageError(
        `port ${number} is not for everybody`,
        'Choose one above 1023: crawl sandbox --port 8000',
      );
    }
    if (fault instanceof TypeError) throw new UsageError(fault.message);
    throw fault;
  });
  await terminal.write(`${site.url}\n`);
  terminal.say(
    `The practice shop is open: a shop of 1,000 books, quotes/ below it, robots.txt, sitemap.xml.\n` +
      `  Crawl it:  ${commandPrefix(terminal.env)} books -a base=${site.url} -O books.jsonl\n` +
      '  Ctrl-C closes it.\n',
  );
  await new Promise<void>((resolve) => {
    onInterrupt({ first: () => resolve(), second: () => process.exit(EXIT_CODES.interrupted) });
  });
  await site.close();
  return EXIT_CODES.ok;
}
