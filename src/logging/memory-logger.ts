import type { LogFields, Logger, LogLevel } from '../contracts/logger.ts';

/** A line as it was logged: nothing masked, nothing escaped. */
export interface LogRecord {
  readonly level: LogLevel;
  readonly logger: string;
  readonly message: string;
  readonly fields: LogFields;
}

/** Keeps every line, so that tests can ask what was logged. */
export class MemoryLogger implements Logger {
  /** The lines of this logger and all its children, in order. */
  readonly records: LogRecord[];
  readonly #name: string;

  constructor(name = '', records: LogRecord[] = []) {
    this.#name = name;
    this.records = records;
  }

  /** The messages of a level, or of all. */
  messages(level?: LogLevel): string[] {
    return this.records
      .filter((record) => level === undefined || record.level === level)
      .map(({ message }) => message);
  }

  isEnabled(): boolean {
    return true;
  }

  debug(message: string, fields: LogFields = {}): void {
    this.records.push({ level: 'debug', logger: this.#name, message, fields });
  }

  info(message: string, fields: LogFields = {}): void {
    this.records.push({ level: 'info', logger: this.#name, message, fields });
  }

  warn(message: string, fields: LogFields = {}): void {
    this.records.push({ level: 'warn', logger: this.#name, message, fields });
  }

  error(message: string, fields: LogFields = {}): void {
    this.records.push({ level: 'error', logger: this.#name, message, fields });
  }

  child(name: string): MemoryLogger {
    return new MemoryLogger(this.#name === '' ? name : `${this.#name}.${name}`, this.records);
  }
}
