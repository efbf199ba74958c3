import type { CrawlResult } from '../crawler/crawler.ts';
import { exitCodeOfNoCrawl } from './answer-fault.ts';
import { isCommand } from './command-names.ts';
import { counter } from './counters-below.ts';
import { droppedItems, droppedLine } from './dropped-items.ts';
import { errorLines } from './error-lines.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { count, formatBytes, formatDuration } from './format-quantity.ts';
import { jobHints } from './job-hints.ts';
import { noItemsReason, REPLAY_MISSING } from './no-items.ts';
import { outputName } from './output-name.ts';

/** What the summary is made from. */
export interface SummaryFacts {
  readonly result: Omit<CrawlResult, 'error'> & { readonly error?: Error | undefined };
  /** Name or file of the spider, as the command line takes it. */
  readonly reference: string;
  readonly url: string | undefined;
  readonly cwd: string;
  readonly crawl: string;
  /** Words of the command line. @defaultValue `[]` */
  readonly argv?: readonly string[];
  /** Whether a pipeline keeps the items. @defaultValue `false` */
  readonly isKept?: boolean;
  /** The file of seeds, `-` for standard input; none: there are no seeds. */
  readonly seeds?: string | undefined;
}

/** The end of a crawl in plain words. */
export interface Summary {
  /** `books: finished in 12 s, 1,000 pages, 1,000 items`. */
  readonly headline: string;
  /** One line for each output. */
  readonly outputs: readonly string[];
  /** How many items were dropped, and why: one line, if any were. */
  readonly drops: readonly string[];
  /** What failed, by its cause. */
  readonly errors: readonly string[];
  /** Why there is nothing, and what to do next. */
  readonly hints: readonly string[];
}

/** Holds exchanges, not items. */
const ARCHIVE = 'warc';

/** Sums a crawl up: how it ended, the files with their items and sizes and, with no items, the reason. */
export function summarize(facts: SummaryFacts): Summary {
  const { result, reference, url, cwd, crawl, argv = [], isKept = false, seeds } = facts;
  const { pages, items, errors, durationMs, feeds, stats, job } = result;
  const numbers = [
    count(pages, 'page'),
    count(items, 'item'),
    ...(errors > 0 ? [count(errors, 'error')] : []),
  ];
  const end = job?.wasFinished
    ? 'finished in an earlier run'
    : `${ending(result)} after ${formatDuration(durationMs)}${failedAtEnd(result) ? ', but closing failed' : ''}`;
  const all = job === undefined ? '' : ' in the job';
  const headline = `${reference}: ${end}: ${numbers.join(', ')}${all}`;
  const outputs = feeds.map((feed) => {
    const name = outputName(feed.uri, cwd);
    const unit = feed.format === ARCHIVE ? 'record' : 'item';
    const files = feed.batches === undefined ? '' : `, ${count(feed.batches, 'file')}`;
    return `${name}  (${feed.format}, ${count(feed.items, unit)}, ${formatBytes(feed.bytes)}${files})`;
  });
  const isFaulty = result.error !== undefined;
  const hints = job === undefined ? [] : jobHints({ job, reason: result.reason, isFaulty, argv, cwd, crawl });
  const dropped = droppedItems(stats);
  const drops = dropped === undefined ? [] : [droppedLine(dropped)];
  const groups = errorLines(result.errorGroups, cwd);
  if (result.reason === 'memory') hints.push(memoryHint(job !== undefined));
  const missing = counter(stats, `request/dropped/${REPLAY_MISSING}`);
  if (missing > 0)
    hints.push(`${count(missing, 'request')} ${missing === 1 ? 'is' : 'are'} not in the archive.`);
  const invalid = counter(stats, 'seeds/invalid');
  if (invalid > 0) {
    const name = seeds === '-' ? 'standard input' : (seedsName(seeds, cwd) ?? 'the seeds');
    hints.push(`${count(invalid, 'line')} of ${name} ${invalid === 1 ? 'was' : 'were'} left out.`);
  }
  if (job?.wasFinished) return { headline, outputs, drops, errors: groups, hints };
  if (items === 0 && !isFaulty && !isInterrupted(result.reason)) {
    const { reason, hint } = noItemsReason({
      stats,
      pages,
      reference,
      url,
      crawl,
      seeds: seedsName(seeds, cwd),
    });
    hints.push(`No items: ${reason}.`, ...(hint === undefined ? [] : [`To look at it: ${hint}`]));
  } else if (items > 0 && !isKept && !isFaulty && feeds.every(({ format }) => format === ARCHIVE)) {
    hints.push(
      job === undefined
        ? `The items were not kept: add -o ${outputBase(reference)}.jsonl to write them to a file.`
        : `The items are in the job only: add -o ${outputBase(reference)}.jsonl to write them to a file.`,
    );
  }
  return { headline, outputs, drops, errors: groups, hints };
}

/** Limits that a crawl should not come to. */
const FAILINGS: ReadonlySet<string> = new Set(['maxErrors', 'memory']);

/** The exit code of a crawl's end. */
export function exitCodeOf(result: SummaryFacts['result'], reference: string): number {
  const { reason, error, pages, items, errors, failedOn, crawledNothing } = result;
  if (isInterrupted(reason)) return EXIT_CODES.interrupted;
  if (error === undefined && reason !== 'memory' && failedOn.length > 0) return EXIT_CODES.condition;
  // What only the start could find out.
  if (error !== undefined && crawledNothing) return exitCodeOfNoCrawl(error);
  if (error !== undefined || FAILINGS.has(reason)) return EXIT_CODES.failed;
  if (items === 0 && isCommand(reference) && hasNoPage(result)) return EXIT_CODES.failed;
  return errors > 0 && items === 0 && (pages === 0 || errors >= pages) ? EXIT_CODES.failed : EXIT_CODES.ok;
}

/** Of a crawl without a spider: sitemaps, and answers in their place, are no pages of it. */
function hasNoPage({ stats }: SummaryFacts['result']): boolean {
  const failures = Object.keys(stats).filter((key) => /^request\/(?:failed|dropped)\//.test(key));
  return stats['site/pages'] === undefined && failures.length > 0;
}

const ENDINGS: ReadonlyMap<string, string> = new Map([
  ['finished', 'finished'],
  ['shutdown', 'interrupted'],
  ['aborted', 'cut off'],
  ['cancelled', 'stopped by the spider'],
]);

function ending({ reason, error }: SummaryFacts['result']): string {
  if (error !== undefined && !isPlainEnd(reason)) return `ended by an error (${reason})`;
  return ENDINGS.get(reason) ?? `stopped by ${reason}`;
}

function seedsName(seeds: string | undefined, cwd: string): string | undefined {
  return seeds === undefined || seeds === '-' ? seeds : outputName(seeds, cwd);
}

/** Whether the fault came after the crawl itself had ended: of an output at its close, most likely. */
function failedAtEnd({ reason, error }: SummaryFacts['result']): boolean {
  return error !== undefined && isPlainEnd(reason);
}

function isPlainEnd(reason: string): boolean {
  return ENDINGS.has(reason) || /^max[A-Z]/.test(reason);
}

function isInterrupted(reason: string): boolean {
  return reason === 'shutdown' || reason === 'aborted';
}

function memoryHint(isJob: boolean): string {
  const kept = isJob ? '' : 'keep the queue on disk (--job DIR), ';
  return `The memory was nearly used up: ${kept}lower concurrentRequests or maxActiveBytes, or raise memoryLimitBytes.`;
}

/** What an output of the spider would be called. */
function outputBase(reference: string): string {
  const last = reference.split(/[\\/#]/).at(-1) ?? '';
  return last.replace(/\.[cm]?[jt]s$/, '') || 'items';
}
