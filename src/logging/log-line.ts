import type { LogFields, LogLevel } from '../contracts/logger.ts';

/** What one log line says, without secrets. */
export interface LogLine {
  /** Wall clock, milliseconds since 1970. */
  readonly timeMs: number;
  readonly level: LogLevel;
  /** Who writes: the names of the logger and its parents, joined by dots. Empty: nobody's. */
  readonly logger: string;
  readonly message: string;
  readonly fields: LogFields;
}

/** Makes the text of a line, its end included. */
export type LineFormat = (line: LogLine) => string;
