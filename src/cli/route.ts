import { ALIASES, isCommand } from './command-names.ts';

/** A command line with its command in front. */
export interface Route {
  readonly argv: readonly string[];
  /** Set where the word was Scrapy's: what it is called here. */
  readonly renamed?: { readonly from: string; readonly to: string };
  /** The first word was taken for a spider because it is no command. */
  readonly isShortForm: boolean;
}

/** Options that take the next word as their value; needed to find the command behind them. */
const WITH_VALUE = new Set([
  '-o',
  '-O',
  '-a',
  '--argument',
  '-s',
  '--set',
  '-L',
  '--log-level',
  '--log-file',
  '--output',
  '--overwrite',
  '--seeds',
  '--job',
  '--replay',
  '--incremental',
  '--fail-on',
]);

/** Finds the command: the first word that is no option. `crawl books` is short for `crawl run books`. */
export function route(argv: readonly string[]): Route {
  const position = commandPosition(argv);
  const word = argv[position];
  if (word === undefined) return { argv, isShortForm: false };
  const rest = [...argv.slice(0, position), ...argv.slice(position + 1)];
  const ours = ALIASES.get(word);
  if (ours !== undefined) {
    return { argv: [...ours, ...rest], isShortForm: false, renamed: { from: word, to: ours.join(' ') } };
  }
  return isCommand(word)
    ? { argv: [word, ...rest], isShortForm: false }
    : { argv: ['run', word, ...rest], isShortForm: true };
}

function commandPosition(argv: readonly string[]): number {
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    if (!word.startsWith('-') || word === '-') return index;
    if (WITH_VALUE.has(word)) index += 1;
  }
  return -1;
}
