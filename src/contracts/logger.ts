/** How much a line matters. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Plain data that goes with a log line. Secrets are masked where lines are written. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Takes log lines. Does not throw, does not wait. */
export interface Logger {
  /** Whether a line of this level would be written: ask before building a costly message. */
  isEnabled(level: LogLevel): boolean;
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger whose lines bear a name: the component that writes them. */
  child(name: string): Logger;
}
