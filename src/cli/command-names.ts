/** Every command; no spider may bear one of these names. */
export const COMMANDS = [
  'run',
  'site',
  'map',
  'list',
  'init',
  'new',
  'fetch',
  'parse',
  'view',
  'check',
  'edit',
  'shell',
  'job',
  'settings',
  'doctor',
  'bench',
  'sandbox',
  'version',
  'help',
] as const;

/** Scrapy's names for ours. */
export const ALIASES: ReadonlyMap<string, readonly string[]> = new Map([
  ['crawl', ['run']],
  ['runspider', ['run']],
  ['startproject', ['init']],
  ['genspider', ['new', 'spider']],
]);

/** Whether a word is a command, so that a spider cannot be called by it. */
export function isCommand(word: string): boolean {
  return (COMMANDS as readonly string[]).includes(word) || ALIASES.has(word);
}
