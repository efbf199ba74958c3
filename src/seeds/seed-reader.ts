import type { Logger } from '../contracts/logger.ts';
import type { SeedSource, StartOrdinals } from '../contracts/seeds.ts';
import type { Stats } from '../contracts/stats.ts';
import { errorMessage } from '../errors/crawl-error.ts';
import { SeedFileError } from '../errors/seed-file-error.ts';
import type { Request } from '../values/request.ts';
import { LineSplitter, type SplitLine } from './line-splitter.ts';
import type { SeedBytes } from './seed-bytes.ts';
import { seedOfLine } from './seed-of-line.ts';
import { keepPosition, markOf, positionIn, type SeedPosition } from './seed-position.ts';

/** What seeds are read with. */
export interface SeedReaderOptions {
  readonly bytes: SeedBytes;
  /** What the job keeps of them, changed in place. */
  readonly state: Record<string, unknown>;
  readonly stats: Stats;
  readonly logger: Logger;
  /** Whether the spider has a method of that name. */
  readonly hasCallback: (name: string) => boolean;
  /** Items of `start()` that the job has. @defaultValue `0` */
  readonly startOrdinals?: number;
}

/** A place behind a line. */
interface Place {
  readonly offset: number;
  readonly line: number;
  readonly window: readonly Buffer[];
  readonly tailBytes: number;
  /** Lines before it that were no seeds. */
  readonly invalid: number;
}

interface Found extends Place {
  readonly request: Request;
}

const LONGEST_LINE = 1024 * 1024;
const MOST_LOGGED = 10;
const CARRIAGE_RETURN = 0x0d;

/** Reads seeds line by line, one chunk of them in memory, and keeps how far they are done with. */
export class SeedReader implements SeedSource, AsyncIterableIterator<Request> {
  readonly #options: SeedReaderOptions;
  readonly #start: SeedPosition | undefined;
  #splitter = new LineSplitter(LONGEST_LINE);
  #chunks: AsyncIterator<Buffer> | undefined;
  #ordinals: StartOrdinals | undefined;
  #offset = 0;
  #line = 0;
  #invalid = 0;
  #logged = 0;
  /** Length of the first line if it is one that was done with when no line feed ended it. */
  #knownTail = 0;
  /** The same of the line that was read last. */
  #lastTail = 0;
  /** What was read beyond the bytes that are only looked at. */
  #rest: Buffer = Buffer.alloc(0);
  #ahead: Found | undefined;
  #given: Found | undefined;
  /** Done with, but not committed. */
  #passed: { readonly place: Place; readonly ordinal: number; readonly endedAt?: number } | undefined;
  #passedSeeds = 0;
  #countedInvalid = 0;
  #isClosed = false;
  #isEnded = false;

  constructor(options: SeedReaderOptions) {
    this.#options = options;
    const { state, bytes, startOrdinals = 0 } = options;
    this.#start = positionIn(state, bytes.name);
    // Items of these seeds are none that came of others.
    if (this.#start === undefined && state.source !== undefined) state.ordinal = startOrdinals;
  }

  get isReady(): boolean {
    return this.#ahead !== undefined;
  }

  get isBegun(): boolean {
    return this.#chunks !== undefined;
  }

  /** Whether a job that has read all it wanted should read on: other seeds, or more in the same place. */
  async hasNew(): Promise<boolean> {
    if (this.#start === undefined) return true;
    const { endedAt } = this.#start;
    return endedAt !== undefined && (await this.#options.bytes.hasMoreThan(endedAt));
  }

  /** Reads on although `start()` had ended: the items of further seeds are new ones. */
  goOn(): void {
    this.#options.state.ordinal = this.#options.startOrdinals ?? 0;
  }

  countWith(ordinals: StartOrdinals): void {
    this.#ordinals = ordinals;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Request>> {
    if (this.#chunks === undefined) await this.#begin();
    this.#pass();
    const found = this.#ahead ?? (await this.#search());
    this.#ahead = undefined;
    if (found === undefined || this.#isClosed) return { done: true, value: undefined };
    this.#given = found;
    this.#ahead = this.#scan();
    return { done: false, value: found.request };
  }

  async return(): Promise<IteratorResult<Request>> {
    this.close();
    return { done: true, value: undefined };
  }

  commit(): void {
    const { stats, state, bytes } = this.#options;
    if (this.#passed === undefined) return;
    const { place, ordinal, endedAt } = this.#passed;
    this.#passed = undefined;
    keepPosition(state, {
      source: bytes.name,
      offset: place.offset,
      line: place.line,
      tailBytes: place.tailBytes,
      ordinal,
      ...markOf(place.window),
      ...(endedAt !== undefined && { endedAt }),
    });
    if (this.#passedSeeds > 0) stats.inc('seeds/read', this.#passedSeeds);
    this.#passedSeeds = 0;
    if (place.invalid > this.#countedInvalid)
      stats.inc('seeds/invalid', place.invalid - this.#countedInvalid);
    this.#countedInvalid = place.invalid;
  }

  close(): void {
    this.#isClosed = true;
    if (!this.#isEnded) this.#options.bytes.close();
  }

  /** The seed that was given last is done with: the next one is asked for. */
  #pass(): void {
    if (this.#given === undefined) return;
    this.#passed = { place: this.#given, ordinal: this.#ordinals?.next ?? 0 };
    this.#given = undefined;
    this.#passedSeeds += 1;
  }

  /** Goes to where the last run was, if it was anywhere, and makes sure that it is the same place. */
  async #begin(): Promise<void> {
    const { bytes, logger, state } = this.#options;
    const before = this.#start;
    const { offset = 0, line = 0, checkBytes = 0, tailBytes = 0 } = before ?? {};
    const from = offset - Math.max(checkBytes, tailBytes);
    this.#chunks = bytes.read(from)[Symbol.asyncIterator]();
    this.#ordinals?.skipTo(Number(state.ordinal ?? 0));
    if (before === undefined) return;
    const head = await this.#head(offset - from);
    const known = head.subarray(head.length - checkBytes);
    if (markOf([known]).check !== before.check) throw this.#changed('other bytes stand there now');
    const cut = head.length - tailBytes;
    this.#splitter = new LineSplitter(LONGEST_LINE, head.subarray(0, cut));
    this.#splitter.push(head.subarray(cut));
    if (this.#rest.length > 0) this.#splitter.push(this.#rest);
    this.#offset = offset - tailBytes;
    this.#line = tailBytes > 0 ? line - 1 : line;
    this.#knownTail = tailBytes;
    logger.info(`going on behind line ${line} of ${bytes.name}`);
  }

  /** The bytes before the place to go on from. */
  async #head(length: number): Promise<Buffer> {
    let head = Buffer.alloc(0);
    while (head.length < length) {
      const chunk = await this.#chunk();
      if (chunk === undefined) throw this.#changed('it is shorter than that');
      head = Buffer.concat([head, chunk]);
    }
    this.#rest = head.subarray(length);
    return head.subarray(0, length);
  }

  #changed(what: string): SeedFileError {
    const { offset = 0, line = 0 } = this.#start ?? {};
    return new SeedFileError(
      this.#options.bytes.name,
      `this job has read ${line} lines of it, up to byte ${offset}, and ${what}: only append to the seeds of a job. ` +
        'Put the file back as it was, or give it under another name: it is read from its beginning then, and what the job knows is left out',
    );
  }

  /** The next seed, however long that takes; undefined: there is none. */
  async #search(): Promise<Found | undefined> {
    for (;;) {
      const found = this.#scan();
      if (found !== undefined) return found;
      if (this.#isEnded || this.#isClosed) return undefined;
      const chunk = await this.#chunk();
      if (chunk !== undefined) this.#splitter.push(chunk);
      else if (!this.#isClosed) return this.#end();
    }
  }

  async #chunk(): Promise<Buffer | undefined> {
    if (this.#isClosed) return undefined;
    try {
      const step = await this.#chunks?.next();
      return step === undefined || step.done === true ? undefined : step.value;
    } catch (error) {
      // A stream that is closed under its reader says so by a fault.
      if (this.#isClosed) return undefined;
      throw new SeedFileError(this.#options.bytes.name, `cannot be read (${errorMessage(error)})`, {
        cause: error,
      });
    }
  }

  /** The last line, if no line feed ends it. Then all is done with. */
  #end(): Found | undefined {
    const rest = this.#splitter.takeRest();
    const found = rest && this.#seedOf(rest, rest.isTooLong ? 0 : rest.length);
    if (found !== undefined) return found;
    this.#isEnded = true;
    const endedAt = this.#options.bytes.size();
    this.#passed = {
      place: this.#place(this.#lastTail),
      ordinal: this.#ordinals?.next ?? 0,
      ...(endedAt !== undefined && { endedAt }),
    };
    return undefined;
  }

  /** The next seed in what has been read. */
  #scan(): Found | undefined {
    for (let line = this.#splitter.take(); line !== undefined; line = this.#splitter.take()) {
      const found = this.#seedOf(line, 0);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #seedOf(line: SplitLine, tailBytes: number): Found | undefined {
    const isFirst = this.#offset === 0;
    this.#offset += line.length;
    this.#line += 1;
    this.#lastTail = tailBytes;
    const isKnown = this.#knownTail > 0 && isSameTail(line, this.#knownTail);
    this.#knownTail = 0;
    if (isKnown) return undefined;
    if (line.isTooLong) {
      this.#refuse(`is longer than ${LONGEST_LINE} bytes`);
      return undefined;
    }
    const text = line.bytes.toString();
    try {
      const seed = seedOfLine(isFirst ? text.replace(/^\uFEFF/, '') : text, this.#options.hasCallback);
      return seed && { ...this.#place(tailBytes), request: seed };
    } catch (error) {
      this.#refuse(errorMessage(error));
      return undefined;
    }
  }

  #place(tailBytes: number): Place {
    return {
      offset: this.#offset,
      line: this.#line,
      window: this.#splitter.window,
      tailBytes,
      invalid: this.#invalid,
    };
  }

  #refuse(problem: string): void {
    this.#invalid += 1;
    if (this.#logged >= MOST_LOGGED) return;
    this.#logged += 1;
    const { logger, bytes } = this.#options;
    const last = this.#logged === MOST_LOGGED ? '; further ones are only counted (seeds/invalid)' : '';
    logger.warn(`${bytes.name}:${this.#line} is left out: ${problem}${last}`);
  }
}

/** Whether a line is what a source once ended with, its end now marked by a line feed or not. */
function isSameTail({ bytes, isTooLong }: SplitLine, tailBytes: number): boolean {
  if (isTooLong) return false;
  return bytes.length === tailBytes || (bytes.length === tailBytes + 1 && bytes.at(-1) === CARRIAGE_RETURN);
}
