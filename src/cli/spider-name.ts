import { isCommand } from './command-names.ts';
import { UsageError } from './usage-error.ts';

/**
 * Checks the name of a new spider.
 *
 * @throws UsageError when it is a command's, or no name of a file on every system.
 */
export function checkSpiderName(name: string): void {
  if (isCommand(name)) {
    throw new UsageError(`a spider may not be called "${name}", that is a command`, 'Choose another name.');
  }
  if (!/^[a-z0-9][a-z0-9_-]{0,63}$/i.test(name)) {
    throw new UsageError(
      `"${name}" cannot be a spider's name`,
      'Use letters, digits, "-" and "_", and begin with a letter or digit: book-shop.',
    );
  }
}

/** The class of a spider: `book-shop` → `BookShopSpider`. */
export function spiderClassName(name: string): string {
  const words = name.split(/[-_]+/).filter((word) => word !== '');
  const joined = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  const plain = /^\d/.test(joined) ? `N${joined}` : joined;
  return /spider$/i.test(plain) ? plain : `${plain}Spider`;
}
