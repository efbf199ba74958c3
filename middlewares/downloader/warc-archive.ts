import { basename, resolve } from 'node:path';
import {
  type ComponentContext,
  type DownloaderMiddleware,
  type Factory,
  named,
  type Request,
  type Response,
  type RetryLater,
  retryLater,
  SettingsError,
  type Unit,
  type WireExchange,
} from '../../src/api.ts';
import { exchangeRecords } from '../warc/exchange-records.ts';
import { PayloadMemory } from '../warc/payload-memory.ts';
import { surveyArchive } from '../warc/survey-archive.ts';
import { encodeFields, encodeRecord, newRecordId } from '../warc/warc-record.ts';
import { WarcWriter, type WarcWriterOptions } from '../warc/warc-writer.ts';

const NAME = 'warc-archive';
const FORMAT = 'warc';
const CONFORMS_TO = 'http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/';

/** Options of {@link warcArchive}. */
export interface WarcArchiveOptions {
  /** How the file is opened. @defaultValue `open` of node:fs/promises */
  readonly open?: WarcWriterOptions['open'];
}

/**
 * Writes every HTTP exchange into `settings.warcFile`, a WARC 1.1 file: each attempt, redirects, errors and
 * robots.txt too, bodies as the server sent them. Innermost, so that it sees them all; answers of caches and
 * replays are not written again. A page goes on when its records are in the file.
 */
export function warcArchive({ open }: WarcArchiveOptions = {}): Factory<DownloaderMiddleware> {
  return named(NAME, (context) => {
    const { warcFile, replayWarc, warcIfExists } = context.settings;
    if (warcFile === undefined) return undefined;
    const path = resolve(warcFile);
    const kept = context.state(NAME) as { begun?: string[] };
    // Its records may stand in the file where a repair lost the list, or a release wrote them that kept none.
    const mayHaveBegun = context.isResumed && kept.begun === undefined && warcIfExists === 'overwrite';
    kept.begun ??= [];
    const { begun } = kept;
    const ifExists = mayHaveBegun || begun.includes(path) ? 'append' : warcIfExists;
    if (replayWarc !== undefined && resolve(replayWarc) === path && ifExists === 'overwrite') {
      throw new SettingsError(
        `warcFile and replayWarc are both ${warcFile}: it would be overwritten before it is read; ` +
          'append to it with -o, or choose another name',
      );
    }
    return new WarcArchive({ context, path, ifExists, begun, open });
  });
}

interface WarcArchiveParts extends Pick<WarcWriterOptions, 'path' | 'ifExists' | 'open'> {
  readonly context: ComponentContext;
  /** Archives that hold records of this crawl; a job keeps their names and goes on with them. */
  readonly begun: string[];
}

class WarcArchive implements DownloaderMiddleware {
  readonly name = NAME;
  readonly #context: ComponentContext;
  readonly #writer: WarcWriter;
  readonly #seen = new PayloadMemory();
  readonly #infoId = newRecordId();
  readonly #written = new WeakMap<Unit, Promise<void>>();
  readonly #options;
  readonly #begun: string[];
  #hasBegun = false;

  constructor({ context, path, ifExists, begun, open }: WarcArchiveParts) {
    const { warcDigest, warcMetadata, warcKeepSecrets } = context.settings;
    this.#context = context;
    this.#begun = begun;
    this.#options = { digest: warcDigest, metadata: warcMetadata, keepSecrets: warcKeepSecrets };
    const isPacked = path.toLowerCase().endsWith('.gz');
    this.#writer = new WarcWriter({ path, isPacked, ifExists, open });
  }

  async open(): Promise<void> {
    const { path } = this.#writer;
    await this.#writer.open(async (size) => {
      const end = await surveyArchive(path, size, this.#seen);
      if (end < size) {
        const bytes = size - end;
        this.#context.logger.warn('cut a half-written record off the end of the archive', { path, bytes });
      }
      return end;
    });
    this.#context.syncWith(() => this.#writer.sync());
    // Not before all of the crawl is open: the first record takes the place of what is overwritten.
    const { signals, stop } = this.#context;
    signals.on('engineStarted', async () => {
      this.#hasBegun = true;
      const begin = async (): Promise<void> => {
        await this.#writer.write(0, () => [this.#info(path)]);
        // From the first record on: until then what was there before the job stands in the file.
        if (!this.#begun.includes(path)) this.#begun.push(path);
      };
      // The fault itself is thrown by close(), which makes it the crawl's.
      await begin().catch(() => stop('output_error'));
    });
  }

  processRequest(request: Request, unit: Unit): Promise<undefined> | undefined {
    if (this.#writer.failure === undefined)
      unit.onExchange = (exchange) => this.#take(exchange, request, unit);
    return this.#writer.room()?.then(() => undefined);
  }

  processResponse(_response: Response, unit: Unit): Promise<RetryLater | undefined> | undefined {
    return this.#afterWriting(unit);
  }

  processException(_error: unknown, unit: Unit): Promise<RetryLater | undefined> | undefined {
    return this.#afterWriting(unit);
  }

  async close(): Promise<void> {
    const { path } = this.#writer;
    // The last records of a job are written after this. A fault is thrown by the writer's close.
    const { jobDir, durability } = this.#context.settings;
    if (jobDir !== undefined && durability === 'fsync') await this.#writer.sync().catch(() => {});
    await this.#writer.close();
    const { records, bytes } = this.#writer;
    if (!this.#hasBegun) return;
    await this.#context.signals.emit('feedClosed', { uri: path, format: FORMAT, items: records, bytes });
  }

  #take(exchange: WireExchange, request: Request, unit: Unit): void {
    const { stats, clock } = this.#context;
    const date = new Date(clock.now() - exchange.timings.totalMs);
    const bytes = exchange.body.length + (exchange.requestBody?.length ?? 0);
    const writing = this.#writer.write(bytes, () => {
      const place = { date, infoId: this.#infoId, seen: this.#seen };
      const { records, isRevisit } = exchangeRecords(exchange, request, place, this.#options);
      stats.inc('warc/exchanges');
      if (isRevisit) stats.inc('warc/revisits');
      if (exchange.truncated !== undefined) stats.inc('warc/truncated');
      return records;
    });
    const noted = writing.then(
      () => stats.set('warc/bytes', this.#writer.bytes),
      (error: unknown) => {
        // The fault itself is thrown by close(), which makes it the crawl's.
        this.#context.stop('output_error');
        throw error;
      },
    );
    // An inline download that was given up has nobody who waits for it.
    noted.catch(() => {});
    this.#written.set(unit, noted);
  }

  /** What could not be archived counts as not done: it goes back to the queue of a crawl that ends. */
  #afterWriting(unit: Unit): Promise<RetryLater | undefined> | undefined {
    return this.#written.get(unit)?.then(
      () => undefined,
      (error: unknown) => {
        if (unit.isInline) throw error;
        return retryLater('not archived', { afterMs: 0 });
      },
    );
  }

  #info(path: string): Buffer {
    const { settings, clock, spider } = this.#context;
    return encodeRecord(
      {
        type: 'warcinfo',
        id: this.#infoId,
        date: new Date(clock.now()),
        contentType: 'application/warc-fields',
        fields: [['WARC-Filename', basename(path)]],
        block: [
          encodeFields([
            ['software', settings.userAgent],
            ['format', 'WARC File Format 1.1'],
            ['conformsTo', CONFORMS_TO],
            ['isPartOf', spider.name],
            ['robots', settings.obeyRobotsTxt ? 'obey' : 'ignore'],
            ['http-header-user-agent', settings.userAgent],
          ]),
        ],
      },
      settings.warcDigest,
    );
  }
}
