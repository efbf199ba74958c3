import type { LogFields, Logger, LogLevel } from '../contracts/logger.ts';
import type { Stats } from '../contracts/stats.ts';

/** Counts the lines that another logger writes, by level: `log/count/warn`. Scrapy's LogCount. */
export class CountingLogger implements Logger {
  readonly #inner: Logger;
  readonly #stats: Pick<Stats, 'inc'>;

  constructor(inner: Logger, stats: Pick<Stats, 'inc'>) {
    this.#inner = inner;
    this.#stats = stats;
  }

  isEnabled(level: LogLevel): boolean {
    return this.#inner.isEnabled(level);
  }

  debug(message: string, fields?: LogFields): void {
    this.#count('debug');
    this.#inner.debug(message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#count('info');
    this.#inner.info(message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.#count('warn');
    this.#inner.warn(message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.#count('error');
    this.#inner.error(message, fields);
  }

  child(name: string): CountingLogger {
    return new CountingLogger(this.#inner.child(name), this.#stats);
  }

  #count(level: LogLevel): void {
    if (this.#inner.isEnabled(level)) this.#stats.inc(`log/count/${level}`);
  }
}
