import { UsageError } from './usage-error.ts';

const FORMAT = 'The name of the output tells its format: -o items.csv, or -o FILE:csv for any other name.';

/** What to write instead of options of Scrapy's that there are not. */
const INSTEAD: ReadonlyMap<string, string> = new Map([
  ['-t', FORMAT],
  ['--output-format', FORMAT],
  ['--nolog', 'Write -L silent.'],
  ['--loglevel', 'Write -L debug, info, warn, error or silent.'],
  ['--logfile', 'Write --log-file FILE.'],
  ['--overwrite-output', 'Write -O FILE.'],
  ['--pidfile', 'Leave it out; a job keeps the number of its process.'],
  ['--profile', 'Node has a profiler: node --cpu-prof node_modules/.bin/crawl …'],
  ['--pdb', 'Node has a debugger: node --inspect-brk node_modules/.bin/crawl …'],
]);

const LEVELS: ReadonlyMap<string, string> = new Map([
  ['DEBUG', 'debug'],
  ['INFO', 'info'],
  ['WARNING', 'warn'],
  ['WARN', 'warn'],
  ['ERROR', 'error'],
  ['CRITICAL', 'error'],
]);

/** What to write instead of an option; undefined: it is none of Scrapy's. */
export function insteadOfOption(option: string): string | undefined {
  return INSTEAD.get(option.replace(/=.*/s, ''));
}

/** @throws UsageError with ours for a log level that is written as Scrapy has it. */
export function refuseScrapyLevel(level: string): void {
  const ours = LEVELS.get(level);
  if (ours !== undefined) throw new UsageError(`the log level ${level} is ${ours} here`, `Write -L ${ours}.`);
}
