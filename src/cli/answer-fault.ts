import { sep } from 'node:path';
import { userPlaceOf } from '../crawler/user-place.ts';
import { errorMessage, errorName, isCrawlError } from '../errors/crawl-error.ts';
import { DroppedError } from '../errors/dropped-error.ts';
import { HttpError } from '../errors/http-error.ts';
import { printable } from '../values/printable.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { isClosedPipe, type Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** Codes of the framework's errors that mean a wrong command line, project or spider file. */
const USAGE_CODES = new Set([
  'ERR_CRAWL_SETTINGS',
  'ERR_CRAWL_SPIDER_LOAD',
  'ERR_CRAWL_REQUEST',
  'ERR_CRAWL_OPTION',
]);

/** Problems of a job that the command line brought about. */
const USAGE_PROBLEMS = new Set(['another', 'foreign']);

/** A fault in plain words. */
export interface FaultAnswer {
  /** One sentence. */
  readonly problem: string;
  /** What to do about it. */
  readonly hint: string | undefined;
  readonly exitCode: number;
}

/** Says what went wrong in one sentence with a hint, and gives the exit code. A fault of our own shows its stack. */
export function answerFault(fault: unknown, terminal: Terminal): number {
  if (isClosedPipe(fault)) return EXIT_CODES.ok;
  const { problem, hint, exitCode } = describeFault(fault);
  const cwd = `${terminal.cwd}${sep}`;
  // Paths below the working folder are shorter; what stands in quotes is as the user typed it.
  const short = problem
    .split(`"${cwd}`)
    .map((part) => part.replaceAll(cwd, ''))
    .join(`"${cwd}`);
  terminal.say(`${terminal.colors.red('crawl:')} ${printable(short)}\n`);
  if (hint !== undefined) terminal.say(`  ${printable(hint)}\n`);
  return exitCode;
}

/** Finds the words for a fault. */
export function describeFault(fault: unknown): FaultAnswer {
  if (fault instanceof UsageError) {
    return { problem: fault.message, hint: fault.hint, exitCode: EXIT_CODES.usage };
  }
  if (fault instanceof DroppedError && fault.cause !== undefined) return describeUnreachable(fault);
  const code = codeOf(fault);
  if (fault instanceof Error && code?.startsWith('ERR_CRAWL_')) {
    const isUsage =
      USAGE_CODES.has(code) || ('problem' in fault && USAGE_PROBLEMS.has(String(fault.problem)));
    const exitCode = isUsage ? EXIT_CODES.usage : EXIT_CODES.failed;
    return { problem: fault.message, hint: hintOf(fault), exitCode };
  }
  if (fault instanceof Error && 'syscall' in fault) {
    const problem = systemProblem(fault as NodeJS.ErrnoException);
    return { problem, hint: undefined, exitCode: EXIT_CODES.failed };
  }
  const stack = fault instanceof Error ? fault.stack : String(fault);
  return {
    problem: 'unexpected error',
    hint: `Please report it with these lines:\n${stack}`,
    exitCode: EXIT_CODES.failed,
  };
}

/** Codes of what stands in the way of a crawl: outputs, archives, seeds, components, jobs and other folders. */
const OBSTACLE_CODES = new Set([
  'ERR_CRAWL_OUTPUT',
  'ERR_CRAWL_OUTPUT_FILE',
  'ERR_CRAWL_ARCHIVE',
  'ERR_CRAWL_SEEDS',
  'ERR_CRAWL_COMPONENT',
  'ERR_CRAWL_JOB',
  'ERR_CRAWL_STORE',
]);

/** Problems of jobs and stores that pass by themselves: another process has them. */
const PASSING_PROBLEMS = new Set(['running', 'locked']);

/** The exit code of a crawl that ended by a fault before any page came: what kept it from beginning is to be put right. */
export function exitCodeOfNoCrawl(fault: unknown): number {
  if (fault instanceof Error) {
    if ('problem' in fault && PASSING_PROBLEMS.has(String(fault.problem))) return EXIT_CODES.failed;
    if ('syscall' in fault || OBSTACLE_CODES.has(codeOf(fault) ?? '')) return EXIT_CODES.usage;
  }
  return describeFault(fault).exitCode;
}

const DROP_HINTS: ReadonlyMap<string, string> = new Map([
  ['robots', 'robots.txt of the site forbids the page; -s obeyRobotsTxt=false asks for it nevertheless.'],
  [
    'robots unreachable',
    'As long as robots.txt of the site cannot be had nothing may be asked; -s obeyRobotsTxt=false goes without it.',
  ],
]);

function hintOf(fault: Error): string | undefined {
  if (fault instanceof DroppedError) return DROP_HINTS.get(fault.reason);
  return 'hint' in fault && typeof fault.hint === 'string' ? fault.hint : undefined;
}

/** What a robots.txt could not be had for holds for the page, too, unless the site answered. */
function describeUnreachable(fault: DroppedError): FaultAnswer {
  const { cause } = fault;
  const exitCode = EXIT_CODES.failed;
  if (cause instanceof HttpError) {
    return { problem: `${cause.url} answered ${cause.status}`, hint: hintOf(fault), exitCode };
  }
  const place = isCrawlError(cause) || !(cause instanceof Error) ? undefined : userPlaceOf(cause.stack ?? '');
  return {
    problem:
      place === undefined ? errorMessage(cause) : `${place}: ${errorName(cause)}: ${errorMessage(cause)}`,
    hint: place && `${fault.url} was not fetched: the error came while its robots.txt was asked for.`,
    exitCode,
  };
}

const SYSTEM_PROBLEMS: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['EROFS', 'the file system is read-only'],
  ['ENOSPC', 'the disk is full'],
  ['ENOENT', 'no such file or folder'],
  ['EISDIR', 'it is a folder'],
  ['ENOTDIR', 'a part of its path is no folder'],
  ['EADDRINUSE', 'the port is in use'],
]);

/** What the system refused, in words: `/data/out.csv: permission denied`. */
export function systemProblem(fault: NodeJS.ErrnoException): string {
  const words = SYSTEM_PROBLEMS.get(fault.code ?? '');
  if (words === undefined) return fault.message;
  return `${fault.path ?? fault.syscall}: ${words}`;
}

function codeOf(fault: unknown): string | undefined {
  const code = fault instanceof Error ? (fault as NodeJS.ErrnoException).code : undefined;
  return typeof code === 'string' ? code : undefined;
}
