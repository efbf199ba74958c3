import { ArchiveError, fingerprint, forgetOldest, type HeaderMap, type Request } from '../../src/api.ts';
import { ArchiveFile } from './archive-file.ts';
import { type ArchivedAnswer, parseAnswer, parseQuestion, statusOf } from './http-message.ts';
import { type ArchivedRecord, readRecords } from './read-records.ts';
import { isTruncated, targetUrl } from './record-facts.ts';
import { recordUrl } from './record-url.ts';

/** What an archive has for a request. */
export interface FoundAnswer extends ArchivedAnswer {
  readonly isTruncated: boolean;
  readonly ipAddress: string | undefined;
}

/** What is to be indexed. */
export interface WarcIndexOptions {
  /** Longer records are not looked into. */
  readonly maxRecordBytes: number;
}

/** Questions and answers of one exchange stand close together: so many are kept to find each other. */
const MOST_APART = 1000;
/** Single records are read with little around them: most are shorter. */
const RECORD_WINDOW_BYTES = 72 * 1024;
const RATE_LIMITED = 429;
const SERVER_ERROR = 500;
/** A place is an offset with one bit for whether the answer is one to prefer. */
const FACTOR = 2;

/**
 * Where the answers of a WARC file are, by request: some 150 bytes of memory for each. Of several answers to one
 * request the last whole one that is no server error counts.
 */
export class WarcIndex {
  readonly #file: ArchiveFile;
  readonly #options: WarcIndexOptions;
  readonly #places = new Map<string, number>();
  /** Where each payload is, by digest. */
  readonly #payloads = new Map<string, number>();
  /** Keys of questions that are no plain GET, by the names of records that go with them. */
  readonly #questions = new Recent<string>(MOST_APART);
  /** Answers that were taken for those of a GET, by their names. */
  readonly #answers = new Recent<Taken>(MOST_APART);
  #damage: ArchiveError | undefined;

  private constructor(file: ArchiveFile, options: WarcIndexOptions) {
    this.#file = file;
    this.#options = options;
  }

  /**
   * Reads a file once from its beginning to its end. A record that the end cuts off is left out.
   *
   * @throws ArchiveError where the file cannot be read or is damaged.
   */
  static async open(path: string, options: WarcIndexOptions): Promise<WarcIndex> {
    const places = await ArchiveFile.open(path, RECORD_WINDOW_BYTES);
    const index = new WarcIndex(places, options);
    try {
      const file = await ArchiveFile.open(path);
      await index.#read(file).finally(() => file.close());
      return index;
    } catch (error) {
      await places.close();
      throw error;
    }
  }

  /** Requests that have an answer. */
  get size(): number {
    return this.#places.size;
  }

  /** What is wrong with the file's end, if anything. */
  get damage(): ArchiveError | undefined {
    return this.#damage;
  }

  /** The archived answer to a request; undefined where there is none. @throws ArchiveError */
  async find({
    url,
    method,
    body,
  }: Pick<Request, 'url' | 'method' | 'body'>): Promise<FoundAnswer | undefined> {
    const place = this.#places.get(keyOf(method, url, body) ?? '');
    if (place === undefined) return undefined;
    const record = await this.#recordAt(Math.floor(place / FACTOR));
    const answer = record?.content && parseAnswer(record.content);
    if (record === undefined || answer === undefined) return undefined;
    const found = {
      ...answer,
      isTruncated: answer.isCut || isTruncated(record.headers),
      ipAddress: record.headers.get('warc-ip-address'),
    };
    if (record.headers.get('warc-type') !== 'revisit') return found;
    const offset = this.#payloads.get(record.headers.get('warc-payload-digest') ?? '');
    const original = offset === undefined ? undefined : await this.#recordAt(offset);
    const payload = original?.content && parseAnswer(original.content);
    return payload && { ...found, body: payload.body };
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #read(file: ArchiveFile): Promise<void> {
    const { maxRecordBytes } = this.#options;
    let records = 0;
    try {
      for await (const record of readRecords(file, { maxContentBytes: maxRecordBytes })) {
        this.#take(record);
        records += 1;
      }
    } catch (error) {
      if (!(error instanceof ArchiveError && error.isCut && records > 0)) throw error;
      this.#damage = error;
    }
    this.#questions.clear();
    this.#answers.clear();
  }

  #take(record: ArchivedRecord): void {
    const type = record.headers.get('warc-type')?.toLowerCase();
    if (record.content === undefined) return;
    if (type === 'request') this.#takeQuestion(record.headers, record.content);
    else if (type === 'response' || type === 'revisit') this.#takeAnswer(record, record.content, type);
  }

  #takeQuestion(headers: HeaderMap, content: Buffer): void {
    const question = parseQuestion(content);
    if (question === undefined || (question.method === 'GET' && question.body.length === 0)) return;
    const key = keyOf(question.method, targetUrl(headers), question.body);
    if (key === undefined) return;
    const answerId = headers.get('warc-concurrent-to');
    const taken = answerId === undefined ? undefined : this.#answers.get(answerId);
    if (taken !== undefined) {
      if (taken.before === undefined) this.#places.delete(taken.key);
      else this.#places.set(taken.key, taken.before);
      this.#put(key, taken.place);
      return;
    }
    for (const id of [answerId, headers.get('warc-record-id')])
      if (id !== undefined) this.#questions.set(id, key);
  }

  #takeAnswer({ headers, offset }: ArchivedRecord, content: Buffer, type: 'response' | 'revisit'): void {
    const status = statusOf(content);
    const url = targetUrl(headers);
    if (status === undefined) return;
    const digest = headers.get('warc-payload-digest');
    const isWhole = !isTruncated(headers);
    if (type === 'response' && isWhole && digest !== undefined && !this.#payloads.has(digest))
      this.#payloads.set(digest, offset);
    const id = headers.get('warc-record-id') ?? '';
    const asked = this.#questions.get(id) ?? this.#questions.get(headers.get('warc-concurrent-to') ?? '');
    const key = asked ?? keyOf('GET', url, undefined);
    if (key === undefined) return;
    const isGood = isWhole && status < SERVER_ERROR && status !== RATE_LIMITED;
    const place = offset * FACTOR + (isGood ? 1 : 0);
    if (asked === undefined && id !== '')
      this.#answers.set(id, { key, place, before: this.#places.get(key) });
    this.#put(key, place);
  }

  #put(key: string, place: number): void {
    const before = this.#places.get(key);
    if (before === undefined || place % FACTOR >= before % FACTOR) this.#places.set(key, place);
  }

  async #recordAt(from: number): Promise<ArchivedRecord | undefined> {
    const { maxRecordBytes } = this.#options;
    for await (const record of readRecords(this.#file, { from, maxContentBytes: maxRecordBytes }))
      return record;
    return undefined;
  }
}

interface Taken {
  readonly key: string;
  readonly place: number;
  readonly before: number | undefined;
}

/** What was set last, up to a number. */
class Recent<Value> {
  readonly #most: number;
  readonly #values = new Map<string, Value>();

  constructor(most: number) {
    this.#most = most;
  }

  get(name: string): Value | undefined {
    return this.#values.get(name);
  }

  set(name: string, value: Value): void {
    this.#values.set(name, value);
    if (this.#values.size > this.#most) forgetOldest(this.#values);
  }

  clear(): void {
    this.#values.clear();
  }
}

/** Undefined for addresses that are no page's, such as `dns:site.test`. */
function keyOf(method: string, url: string, body: Uint8Array | undefined): string | undefined {
  if (!/^https?:/i.test(url) || !URL.canParse(url)) return undefined;
  return fingerprint({ method, url: recordUrl(url), body });
}
