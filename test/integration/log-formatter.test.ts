import { describe, expect, it } from 'vitest';
import { Crawler, drop, type LogFormatter, Request, Spider } from '../../src/index.ts';
import { MemoryLogger } from '../../src/logging/memory-logger.ts';

/** One page with one item of each fate, one error in a callback, one failed download. */
class FatesSpider extends Spider<{ fate: string }> {
  override *start(): Iterable<Request> {
    yield new Request('data:text/html,<p>page');
    yield new Request('foo://host/nothing');
  }

  override *parse() {
    for (const fate of ['kept', 'dropped', 'broken']) yield { fate };
    throw new Error('no parse');
  }
}

async function lines(
  logFormatter: LogFormatter | undefined,
  dropLogLevel: 'debug' | 'warn' = 'debug',
): Promise<string[]> {
  const logger = new MemoryLogger();
  const judge = () => ({
    name: 'judge',
    processItem({ fate }: { readonly fate?: unknown }) {
      if (fate === 'broken') throw new Error('no item');
      return fate === 'dropped' ? drop('unwanted') : undefined;
    },
  });
  const settings = { logFormatter, dropLogLevel, pipelines: [judge] };
  await new Crawler(FatesSpider, { settings, logger }).run();
  return logger.records
    .filter(({ logger: name }) => name === 'engine')
    .map(({ level, message, fields }) => `${level} ${message} ${Object.keys(fields).join()}`.trim())
    .filter((line) => !/closing|duplicate/.test(line))
    .sort();
}

const BUILT_IN = [
  'debug crawled 200 GET data:text/html,<p>page',
  'debug item dropped: unwanted url',
  'debug scraped item',
  'error download failed: foo://host/nothing: not fetched, no download handler takes foo: URLs method,error',
  'error item lost in a pipeline: no item url,error',
  'error spider error: parse() failed on data:text/html,<p>page: no parse url,error',
];

describe('logFormatter', () => {
  it('words each line, with level and fields', async () => {
    const formatter: LogFormatter = {
      crawled: ({ request, response }) => `got ${response.status} ${request.method}`,
      scraped: ({ item, response }) => ({
        message: `item ${String(item.fate)} ${response?.status}`,
        level: 'info',
        fields: {},
      }),
      dropped: ({ item, drop: { reason } }) => ({ message: `${String(item.fate)} ${reason}`, level: 'warn' }),
      itemError: ({ error, request }) => ({ fields: { why: error, page: request.url } }),
      spiderError: ({ error }) => ({ level: 'info', message: error instanceof Error ? error.name : '' }),
      downloadError: () => null,
    };
    expect(await lines(formatter)).toEqual([
      'debug got 200 GET',
      'error item lost in a pipeline: no item why,page',
      'info CallbackError url,error',
      'info item kept 200',
      'warn dropped unwanted url',
    ]);
  });

  it('leaves the lines it says nothing of as they are', async () => {
    expect(await lines(undefined)).toEqual(BUILT_IN);
    expect(await lines({ crawled: () => undefined, scraped: () => ({}) })).toEqual(BUILT_IN);
  });

  it('is asked before dropLogLevel', async () => {
    expect(await lines(undefined, 'warn')).toContain('warn item dropped: unwanted url');
    expect(await lines({ dropped: () => ({ level: 'info' }) }, 'warn')).toContain(
      'info item dropped: unwanted url',
    );
  });

  it('may be an object of a class with state', async () => {
    class Counting implements LogFormatter {
      #count = 0;
      scraped(): string {
        this.#count += 1;
        return `item ${this.#count}`;
      }
    }
    expect(await lines(new Counting())).toContain('debug item 1 item');
  });

  it('is warned of once where it fails, and harms nothing', async () => {
    const dropped = (): never => {
      throw new Error('oops');
    };
    expect(await lines({ dropped })).toEqual(
      [...BUILT_IN, 'warn logFormatter.dropped() failed: oops error'].sort(),
    );
  });

  it('names what it cannot be', () => {
    const logFormatter = { spiderErrors: () => null } as LogFormatter;
    expect(() => new Crawler(FatesSpider, { settings: { logFormatter } })).toThrow(
      /logFormatter\.spiderErrors must be one of .*did you mean spiderError/,
    );
  });
});
