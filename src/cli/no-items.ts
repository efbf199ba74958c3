import type { StatsValue } from '../api.ts';
import { isCommand } from './command-names.ts';
import { counter, countersBelow } from './counters-below.ts';
import { count } from './format-quantity.ts';
import { shellWord } from './shell-word.ts';

/** What is known of a crawl that gave no items. */
export interface BarrenCrawl {
  readonly stats: Readonly<Record<string, StatsValue>>;
  readonly pages: number;
  /** Name or file of the spider, as the command line takes it. */
  readonly reference: string;
  /** A page to look at: the first that answered, else where the crawl starts. */
  readonly url: string | undefined;
  /** How the command line is called: `crawl`, `npx crawl`. */
  readonly crawl: string;
  /** The file of seeds, `-` for standard input; none: there are no seeds. */
  readonly seeds?: string | undefined;
}

/** Why, and which command looks at it. */
export interface NoItemsReason {
  readonly reason: string;
  readonly hint: string | undefined;
}

/** Tells from the stats why a crawl gave no items: the most frequent causes first. */
export function noItemsReason(crawl: BarrenCrawl): NoItemsReason {
  const pages = isCommand(crawl.reference) ? counter(crawl.stats, 'site/pages') : crawl.pages;
  return pages > 0 ? reasonOfPages({ ...crawl, pages }) : reasonOfRequests(crawl);
}

function reasonOfPages({ stats, pages, reference, url, crawl }: BarrenCrawl): NoItemsReason {
  const dropped = counter(stats, 'item/dropped');
  const failed = counter(stats, 'spider/errors');
  const broken = counter(stats, 'item/errors');
  if (isCommand(reference) && failed + broken === 0 && dropped === 0)
    return {
      reason: `none of ${count(pages, 'page')} fits --include, --exclude and --scope, or they are no HTML`,
      hint: url && `${crawl} fetch ${shellWord(url)} --links`,
    };
  const look =
    url === undefined || isCommand(reference)
      ? undefined
      : `${crawl} parse ${shellWord(url)} --spider ${shellWord(reference)}`;
  if (dropped > 0) {
    return {
      reason: dropped === 1 ? 'the only item was dropped' : `all ${count(dropped, 'item')} were dropped`,
      hint: look && `${look} --pipelines`,
    };
  }
  const refused = countersBelow(stats, 'spider/dropped/');
  if (refused.length > 0) {
    return {
      reason: `spider middlewares dropped what the callbacks gave: ${refused
        .slice(0, 3)
        .map(([reason, times]) => `${reason} (${times})`)
        .join(', ')}`,
      hint: look,
    };
  }
  if (broken > 0)
    return { reason: `a pipeline failed on ${count(broken, 'item')}: see the errors above`, hint: look };
  if (failed > 0)
    return {
      reason: `the callback failed on ${failed} of ${count(pages, 'page')}: see the errors above`,
      hint: look,
    };
  return {
    reason: `the callbacks gave no item on ${count(pages, 'page')}: the selectors matched nothing, or the content is made by JavaScript`,
    hint: url === undefined ? undefined : `${crawl} shell ${shellWord(url)}   or   ${look}`,
  };
}

function reasonOfRequests({ stats, url, crawl, seeds }: BarrenCrawl): NoItemsReason {
  const drops = [...countersBelow(stats, 'scheduler/dropped/'), ...countersBelow(stats, 'request/dropped/')];
  const statuses = countersBelow(stats, 'downloader/status/')
    .filter(([status]) => !/^[23]/.test(status))
    .map(([status, times]) => [status, times - counter(stats, `robotstxt/status/${status}`)] as const)
    .filter(([, times]) => times > 0);
  const failures = countersBelow(stats, 'request/failed/').filter(([error]) => error !== 'HttpError');
  const causes = [
    ...drops.map(([reason, times]) =>
      cause(`${dropWords(reason, stats)} (${count(times, 'request')})`, times),
    ),
    ...statuses.map(([status, times]) =>
      cause(`the site answered ${status} (${count(times, 'time')})`, times),
    ),
    ...failures.map(([error, times]) => cause(`${failureWords(error)} (${count(times, 'request')})`, times)),
  ].sort((a, b) => b.times - a.times);
  if (causes.length === 0) {
    return counter(stats, 'scheduler/enqueued') === 0
      ? { reason: noRequests(stats, seeds), hint: undefined }
      : { reason: 'no page was delivered', hint: url && `${crawl} fetch --headers ${shellWord(url)}` };
  }
  const isOfNetwork = countersBelow(stats, 'robotstxt/exception/').length > 0;
  const robots = drops.some(
    ([reason]) => reason.includes('robots') && !(reason === UNREACHABLE && isOfNetwork),
  );
  return {
    reason: causes
      .slice(0, 3)
      .map(({ words }) => words)
      .join('; '),
    hint:
      url &&
      (robots
        ? `${crawl} fetch ${shellWord(new URL('/robots.txt', url).href)}`
        : `${crawl} fetch --headers ${shellWord(url)}`),
  };
}

function noRequests(stats: BarrenCrawl['stats'], seeds: string | undefined): string {
  if (seeds === undefined) return 'start() gave no requests: set startUrls in the spider';
  const name = seeds === '-' ? 'standard input' : seeds;
  const invalid = counter(stats, 'seeds/invalid');
  return invalid === 0
    ? `there is no URL in the seeds (${name}): write one a line`
    : `the seeds (${name}) have no valid line: see the warnings above`;
}

function cause(words: string, times: number): { words: string; times: number } {
  return { words, times };
}

/** The reason of what a replay lacks. */
export const REPLAY_MISSING = 'replay missing';
/** The middleware's reason where robots.txt could not be had. */
const UNREACHABLE = 'robots unreachable';

function dropWords(reason: string, stats: BarrenCrawl['stats']): string {
  if (reason === UNREACHABLE) {
    const [fault] = countersBelow(stats, 'robotstxt/exception/')[0] ?? [];
    if (fault !== undefined) return failureWords(fault);
    return 'robots.txt cannot be had, so nothing may be asked';
  }
  if (reason.includes('robots')) return 'robots.txt forbids it';
  if (reason === REPLAY_MISSING) return 'not in the archive';
  if (reason.includes('offsite')) return 'outside of allowedDomains';
  return `dropped: ${reason}`;
}

const FAILURES: ReadonlyMap<string, string> = new Map([
  ['ConnectionRefusedError', 'nothing listens there: the connection was refused'],
  ['ConnectionLostError', 'the connection was lost'],
  ['HostGivenUpError', 'the host failed too often in a row'],
  ['DnsError', 'the host name is unknown'],
  ['DownloadTimeoutError', 'the site did not answer in time'],
  ['TlsError', 'the certificate is not valid'],
  ['ProxyError', 'the proxy failed'],
  ['TooManyRedirectsError', 'too many redirects'],
  ['BlockedAddressError', 'the address is private'],
]);

function failureWords(error: string): string {
  return FAILURES.get(error) ?? `the download failed with ${error}`;
}
