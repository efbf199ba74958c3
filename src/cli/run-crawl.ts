import type { SpiderClass } from '../api.ts';
import type { Crawler, CrawlResult } from '../crawler/crawler.ts';
import { loadFault } from '../crawler/load-fault.ts';
import { isCrawlError } from '../errors/crawl-error.ts';
import { answerFault, describeFault, exitCodeOfNoCrawl } from './answer-fault.ts';
import { commandPrefix } from './command-prefix.ts';
import { droppedItems } from './dropped-items.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { onInterrupt } from './interrupts.ts';
import type { CrawlLayers } from './settings-layers.ts';
import { StatusLine } from './status-line.ts';
import { exitCodeOf, type Summary, summarize } from './summary.ts';
import { isClosedPipe, type Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** What a crawl of the command line is made with. */
export interface CrawlPlan {
  readonly name: string;
  /** Name or file of the spider, as it was typed. */
  readonly reference: string;
  readonly args: Readonly<Record<string, string>>;
  readonly settings: CrawlLayers;
  /** No status line and no summary. */
  readonly isQuiet: boolean;
  /** Go on with a job although its spider or arguments were others. */
  readonly jobMayDiffer?: boolean;
  /** Words of the command line. */
  readonly argv: readonly string[];
}

/** After the second Ctrl-C outputs have this long to be closed. */
const ABORT_LIMIT_MS = 2000;

/**
 * Runs a spider with status line, signals and summary; gives the exit code.
 *
 * @throws SettingsError on bad settings or arguments.
 */
export async function runCrawl(given: Terminal, spider: SpiderClass, plan: CrawlPlan): Promise<number> {
  const { Crawler } = await import('../crawler/crawler.ts');
  const { name, reference, args, settings, isQuiet, jobMayDiffer = false } = plan;
  const crawler = new Crawler(spider, { name, args, ...settings, jobMayDiffer });
  const terminal: Terminal = { ...given, say: (text) => given.say(crawler.masked(text)) };
  if (jobMayDiffer && crawler.settings.jobDir === undefined)
    throw new UsageError(
      '--job-change is about a job, but no job is named',
      'Name it: --job DIR --job-change',
    );
  const status = isQuiet || !terminal.isInteractive ? undefined : statusLine(terminal, crawler);
  const seen = firstPage(crawler);
  let isReaderGone = false;
  terminal.onClosed(() => {
    isReaderGone = true;
    crawler.stop('output_closed');
  });
  const stopHearing = onInterrupt({
    first: () => {
      status?.note('stopping');
      announce(terminal, crawler, 'Stopping in order: pages under way may end. Ctrl-C again exits now.');
      crawler.stop('shutdown');
    },
    second: () => {
      crawler.abort();
      setTimeout(() => process.exit(EXIT_CODES.interrupted), ABORT_LIMIT_MS).unref();
    },
  });
  if (status === undefined) tellStart(crawler, reference);
  const stray = onStrayFault(crawler);
  status?.start();
  try {
    const result = await crawler.run().finally(() => {
      status?.stop();
      stray.stop();
    });
    if (isReaderGone || isClosedPipe(result.error)) return EXIT_CODES.ok;
    report(terminal, crawler, result, plan, seen());
    return stray.hasFault() ? EXIT_CODES.failed : exitCodeOf(result, reference);
  } catch (fault) {
    // It could not begin. Where the command line is to blame it is answered; else whoever reads the log is told there.
    const isUsage = describeFault(fault).exitCode === EXIT_CODES.usage;
    if (!(fault instanceof Error) || isUsage || isClosedPipe(fault)) throw fault;
    if (writesJson(crawler)) logFault(crawler, fault);
    else answerFault(fault, terminal);
    return exitCodeOfNoCrawl(fault);
  } finally {
    stopHearing();
  }
}

/** Says which condition failed the crawl, with its figures; with `--quiet` too. */
function fail(terminal: Terminal, crawler: Crawler, met: string): void {
  if (writesJson(crawler)) crawler.logger.error(`failed on ${met}`);
  else terminal.say(`${terminal.colors.red('crawl:')} failed on ${met}\n`);
}

/** Says what ended the crawl, if it was a fault, and sums it up. */
function report(
  terminal: Terminal,
  crawler: Crawler,
  result: CrawlResult,
  { reference, isQuiet, argv }: CrawlPlan,
  firstUrl: string | undefined,
): void {
  if (result.error !== undefined) {
    const isOwn = result.reason === 'start_error' && !isCrawlError(result.error);
    const fault = isOwn ? loadFault(`spider ${reference}`, result.error) : result.error;
    if (writesJson(crawler)) logFault(crawler, fault);
    else answerFault(fault, terminal);
  }
  for (const met of result.failedOn) fail(terminal, crawler, met);
  if (isQuiet) return;
  const summary = summarize({
    result,
    reference,
    url: pageToLookAt(firstUrl ?? crawler.spider.startUrls[0]),
    cwd: terminal.cwd,
    crawl: commandPrefix(terminal.env),
    argv,
    isKept: crawler.keepsItems,
    seeds: crawler.settings.seeds,
  });
  if (writesJson(crawler)) logSummary(crawler, result, summary, exitCodeOf(result, reference));
  else terminal.say(printedSummary(terminal, summary));
}

/** Whoever reads lines only would see nothing until the first of them tells of progress. */
function tellStart({ logger, signals, settings }: Crawler, spider: string): void {
  const { jobDir, feeds, warcFile } = settings;
  const outputs = [...Object.keys(feeds), ...(warcFile === undefined ? [] : [warcFile])];
  signals.on('spiderOpened', () => {
    logger.info(`${spider} begins`, { ...(jobDir !== undefined && { job: jobDir }), outputs });
  });
}

function statusLine({ isScreen }: Terminal, crawler: Crawler): StatusLine {
  return new StatusLine({
    screen: process.stderr,
    others: isScreen ? [process.stdout] : [],
    progress: () => crawler.progress(),
    memory: () => process.memoryUsage.rss(),
  });
}

/** A page that `crawl shell` can show: not one of a `data:` URL. */
function pageToLookAt(url: string | undefined): string | undefined {
  return url !== undefined && /^https?:/i.test(url) ? url : undefined;
}

/** The first page that came, for hints. */
function firstPage(crawler: Crawler): () => string | undefined {
  let url: string | undefined;
  const forget = crawler.signals.on('responseReceived', ({ response }) => {
    url = response.url;
    forget();
  });
  return () => url;
}

/**
 * A fault outside of any callback, such as in a timer or a promise that nobody waits for, would end the process
 * with its outputs cut off: the crawl ends in order instead.
 */
function onStrayFault(crawler: Crawler): { readonly stop: () => void; readonly hasFault: () => boolean } {
  let hasFault = false;
  const handle = (fault: unknown) => {
    hasFault = true;
    crawler.logger.error('an error that no callback caught: the crawl is stopped', { error: fault });
    crawler.stop('uncaught_error');
  };
  process.on('uncaughtException', handle);
  process.on('unhandledRejection', handle);
  return {
    hasFault: () => hasFault,
    stop: () => {
      process.off('uncaughtException', handle);
      process.off('unhandledRejection', handle);
    },
  };
}

function announce(terminal: Terminal, crawler: Crawler, text: string): void {
  if (writesJson(crawler)) crawler.logger.warn(text);
  else terminal.say(`${text}\n`);
}

/** Whether standard error carries JSON lines, so that plain text would break them. */
function writesJson({ settings }: Crawler): boolean {
  const { logFormat, logFile, logLevel } = settings;
  if (logFile !== undefined || logLevel === 'silent') return false;
  return logFormat === 'json' || (logFormat === 'auto' && !process.stderr.isTTY);
}

function logFault({ logger }: Crawler, fault: Error): void {
  const { problem, hint } = describeFault(fault);
  logger.error(problem, hint === undefined ? {} : { hint });
}

function logSummary(
  { logger }: Crawler,
  result: CrawlResult,
  { headline, hints }: Summary,
  exitCode: number,
): void {
  const { reason, pages, items, errors, errorGroups, failedOn, durationMs, feeds, job } = result;
  const dropped = droppedItems(result.stats);
  // Where only warnings are wanted, a bad end is one.
  logger[exitCode === EXIT_CODES.ok ? 'info' : 'warn'](headline, {
    reason,
    pages,
    items,
    ...(dropped && { dropped }),
    errors,
    ...(errorGroups.groups.length > 0 && { errorGroups }),
    ...(failedOn.length > 0 && { failedOn }),
    durationMs: Math.round(durationMs),
    feeds,
    hints,
    ...(job && { job }),
  });
}

function printedSummary({ colors }: Terminal, { headline, outputs, drops, errors, hints }: Summary): string {
  const lines = [
    colors.bold(headline),
    ...outputs.map((output) => `  ${colors.green(output)}`),
    ...[...drops, ...errors].map((line) => `  ${line}`),
    ...hints.map((hint) => `  ${colors.yellow(hint)}`),
  ];
  return `${lines.join('\n')}\n`;
}
