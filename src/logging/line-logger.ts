import type { Clock } from '../contracts/clock.ts';
import type { LogFields, Logger, LogLevel } from '../contracts/logger.ts';
import type { Settings } from '../settings/settings.ts';
import { fileSink } from './file-sink.ts';
import { jsonLine } from './json-line.ts';
import type { LineFormat } from './log-line.ts';
import type { LogSink } from './log-sink.ts';
import { logText, logValue } from './log-value.ts';
import { SecretMask } from './secret-mask.ts';
import { streamSink } from './stream-sink.ts';
import { textLine } from './text-line.ts';

/** What a line logger writes with. */
export interface LineLoggerOptions {
  readonly sink: LogSink;
  readonly clock: Pick<Clock, 'now'>;
  /** Least level that is written. @defaultValue `'info'` */
  readonly level?: Settings['logLevel'];
  /** @defaultValue text without colours */
  readonly format?: LineFormat;
  /** @defaultValue one that knows no values */
  readonly mask?: SecretMask;
}

const RANKS: Readonly<Record<Settings['logLevel'], number>> = {
  debug: 0,
  info: 1,
  warn: 2,
  error: 3,
  silent: 4,
};
const NO_FIELDS: LogFields = Object.freeze({});

/** Writes one line of text or JSON for each message, secrets masked and control characters escaped. */
export class LineLogger implements Logger {
  readonly #sink: LogSink;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #level: Settings['logLevel'];
  readonly #format: LineFormat;
  readonly #mask: SecretMask;
  readonly #name: string;

  /** @param name stands on each line. */
  constructor(options: LineLoggerOptions, name = '') {
    this.#sink = options.sink;
    this.#clock = options.clock;
    this.#level = options.level ?? 'info';
    this.#format = options.format ?? textLine(false);
    this.#mask = options.mask ?? new SecretMask();
    this.#name = name;
  }

  /**
   * The logger that settings describe.
   *
   * @param options - `screen` takes the lines where there is no `logFile`; `mask` knows the crawl's secrets.
   * @throws SettingsError when `logFile` cannot be opened.
   */
  static fromSettings(
    settings: Pick<
      Settings,
      'logLevel' | 'logFormat' | 'logFile' | 'logFileAppend' | 'httpAuth' | 'proxy' | 's3'
    >,
    clock: Pick<Clock, 'now'>,
    {
      screen = streamSink(process.stderr),
      mask = new SecretMask(),
    }: { readonly screen?: LogSink; readonly mask?: SecretMask } = {},
  ): LineLogger {
    const { logLevel, logFormat, logFile, logFileAppend, httpAuth, s3 } = settings;
    const sink = logFile === undefined || logLevel === 'silent' ? screen : fileSink(logFile, logFileAppend);
    const isJson =
      logFormat === 'json' || (logFormat === 'auto' && logFile === undefined && !screen.isScreen);
    const { NO_COLOR = '', TERM } = process.env;
    const isColored = sink.isScreen && NO_COLOR === '' && TERM !== 'dumb';
    const secrets = [httpAuth?.password, s3?.secretAccessKey, s3?.sessionToken];
    mask.add(secrets.filter((one) => one !== undefined));
    const format = isJson ? jsonLine : textLine(isColored);
    return new LineLogger({ sink, clock, level: logLevel, format, mask });
  }

  /** Closes the log file. Lines that come later are lost. */
  close(): void {
    this.#sink.close?.();
  }

  isEnabled(level: LogLevel): boolean {
    return RANKS[level] >= RANKS[this.#level];
  }

  debug(message: string, fields?: LogFields): void {
    this.#write('debug', message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#write('info', message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.#write('warn', message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.#write('error', message, fields);
  }

  child(name: string): LineLogger {
    return new LineLogger(
      {
        sink: this.#sink,
        clock: this.#clock,
        level: this.#level,
        format: this.#format,
        mask: this.#mask,
      },
      this.#name === '' ? name : `${this.#name}.${name}`,
    );
  }

  #write(level: LogLevel, message: string, fields: LogFields = NO_FIELDS): void {
    if (!this.isEnabled(level)) return;
    this.#sink.write(
      this.#format({
        timeMs: this.#clock.now(),
        level,
        logger: this.#name,
        message: logText(String(message), this.#mask),
        fields: logValue(fields, this.#mask) as LogFields,
      }),
    );
  }
}
