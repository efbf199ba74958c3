import type { Request } from '../api.ts';
import { type FetchSession, openSession } from './fetch-session.ts';
import { pageUrl } from './page-url.ts';
import { type SharedOptions, settingsLayers } from './settings-layers.ts';
import type { Terminal } from './terminal.ts';
import type { ExchangeObserver } from './watch-exchanges.ts';
import { Workspace } from './workspace.ts';

/** Options of the commands that fetch single pages. */
export interface PageOptions extends SharedOptions {
  readonly redirect: boolean;
  readonly spider?: string;
}

/** A session for single pages. */
export interface PageSession {
  readonly session: FetchSession;
  /** The spider whose settings hold. */
  readonly reference: string | undefined;
}

/** Opens a session with the settings of the command line, the project and the spider that is named. */
export async function openPageSession(
  terminal: Terminal,
  name: string,
  options: PageOptions,
  onExchange?: ExchangeObserver,
): Promise<PageSession> {
  const workspace = Workspace.for(terminal.cwd, options.spider);
  const loaded = options.spider === undefined ? undefined : await workspace.find(options.spider);
  const settings = await settingsLayers(terminal, workspace, options, { logLevel: 'warn' });
  const session = await openSession({ name, base: loaded?.spider, settings, onExchange });
  return { session, reference: options.spider };
}

/** The request for a page that somebody asks for by hand: any answer will do. */
export async function pageRequest(word: string, { redirect }: PageOptions): Promise<Request> {
  const { href } = pageUrl(word);
  const { Request: PageRequest } = await import('../api.ts');
  return new PageRequest(href, {
    dontFilter: true,
    meta: { dontRetry: true, ...(!redirect && { dontRedirect: true }) },
  });
}
