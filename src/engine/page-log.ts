import type { LogFields, Logger, LogLevel } from '../contracts/logger.ts';
import { CallbackError } from '../errors/callback-error.ts';
import { errorMessage } from '../errors/crawl-error.ts';
import type { LogAnswer, LogFormatter, LogMessage } from '../settings/log-formatter.ts';
import type { Settings } from '../settings/settings.ts';
import type { Failure } from '../values/failure.ts';
import type { ItemRecord } from '../values/item.ts';
import type { Response } from '../values/response.ts';

type Data<Name extends keyof LogFormatter> = Parameters<NonNullable<LogFormatter[Name]>>[0];
type BuiltIn = readonly [message: string, fields?: LogFields];

const LEVELS: ReadonlySet<unknown> = new Set<LogLevel>(['debug', 'info', 'warn', 'error']);

/** The log lines about single pages and items, in the words of the crawl's formatter where it has some. */
export class PageLog {
  readonly #logger: Logger;
  readonly #formatter: LogFormatter;
  readonly #dropLevel: LogLevel;
  readonly #failed = new Set<keyof LogFormatter>();

  constructor(
    logger: Logger,
    { logFormatter, dropLogLevel }: Pick<Settings, 'logFormatter' | 'dropLogLevel'>,
  ) {
    this.#logger = logger;
    this.#formatter = logFormatter ?? {};
    this.#dropLevel = dropLogLevel;
  }

  crawled(page: Data<'crawled'>): void {
    const { request, response } = page;
    this.#write('crawled', page, 'debug', () => {
      const flags = [...request.flags, ...response.flags];
      const { session } = request.meta;
      return [
        `crawled ${response.status} ${request.method} ${response.url}`,
        { ...(flags.length > 0 && { flags }), ...(typeof session === 'string' && { session }) },
      ];
    });
  }

  scraped(items: readonly { readonly item: ItemRecord }[], response: Response | undefined): void {
    if (!this.#isWanted('scraped', 'debug')) return;
    for (const { item } of items)
      this.#write('scraped', { item, ...(response && { response }) }, 'debug', () => ['scraped', { item }]);
  }

  dropped(output: Data<'dropped'>): void {
    const { drop, request } = output;
    const builtIn = (): BuiltIn => [`item dropped: ${drop.reason}`, { url: request.url }];
    this.#write('dropped', output, drop.logLevel ?? this.#dropLevel, builtIn);
  }

  itemError(output: Data<'itemError'>): void {
    const { error, request } = output;
    const builtIn = (): BuiltIn => [
      `item lost in a pipeline: ${errorMessage(error)}`,
      { url: request.url, error },
    ];
    this.#write('itemError', output, 'error', builtIn);
  }

  spiderError(fault: Data<'spiderError'>): void {
    const { error, request, response } = fault;
    const url = response?.url ?? request?.url;
    const cause = error instanceof CallbackError ? error.cause : error;
    const fields = { ...(url !== undefined && { url }), error: cause };
    this.#write('spiderError', fault, 'error', () => [`spider error: ${errorMessage(error)}`, fields]);
  }

  downloadError(failure: Failure): void {
    const { error, request } = failure;
    const fields = { method: request.method, error };
    this.#write('downloadError', failure, 'error', () => [`download failed: ${errorMessage(error)}`, fields]);
  }

  #isWanted(name: keyof LogFormatter, level: LogLevel): boolean {
    return this.#formatter[name] !== undefined || this.#logger.isEnabled(level);
  }

  #write<Name extends keyof LogFormatter>(
    name: Name,
    data: Data<Name>,
    level: LogLevel,
    builtIn: () => BuiltIn,
  ): void {
    if (!this.#isWanted(name, level)) return;
    const answer = this.#answer(name, data);
    if (answer === null) return;
    const own: LogMessage = typeof answer === 'string' ? { message: answer } : (answer ?? {});
    const [message, fields] = builtIn();
    const wanted = LEVELS.has(own.level) ? own.level : undefined;
    this.#logger[wanted ?? level](own.message ?? message, own.fields ?? fields);
  }

  #answer<Name extends keyof LogFormatter>(name: Name, data: Data<Name>): LogAnswer {
    const formatter = this.#formatter as Record<Name, ((data: Data<Name>) => LogAnswer) | undefined>;
    try {
      return formatter[name]?.(data);
    } catch (error) {
      if (!this.#failed.has(name))
        this.#logger.warn(`logFormatter.${name}() failed: ${errorMessage(error)}`, { error });
      this.#failed.add(name);
      return undefined;
    }
  }
}
