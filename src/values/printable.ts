import { escapeTerminal } from './escape-terminal.ts';

/** Text from files and pages in its own lines: nothing in it moves the cursor, changes colours or the reading order. */
export function printable(text: string): string {
  return text.replace(/[^\r\n\t]+|\r(?!\n)/g, escapeTerminal);
}
