import { createWriteStream, statSync } from 'node:fs';
import { extname } from 'node:path';
import type { Writable } from 'node:stream';
import type { Clock } from '../contracts/clock.ts';
import type { Exporter } from '../contracts/exporter.ts';
import type { Feed, FeedDurability, FeedSlotResult } from '../contracts/feed.ts';
import type { FeedStorage } from '../contracts/feed-storage.ts';
import { SettingsError } from '../errors/settings-error.ts';
import type { FeedOptions } from '../settings/feed-options.ts';
import type { S3Options } from '../settings/s3-options.ts';
import { isStdout, outputPath, schemeOf } from '../values/output-place.ts';
import { unpackedName } from '../values/packed-name.ts';
import { BatchedFeed } from './batched-feed.ts';
import { type PackingChoice, packing, packingChoice, postprocessed } from './byte-packing.ts';
import { CsvExporter } from './csv-exporter.ts';
import { type FeedBatch, feedParams } from './feed-params.ts';
import type { FeedTarget } from './feed-target.ts';
import { expandFeedUri, type FeedVariables } from './feed-uri.ts';
import { FeedWriter } from './feed-writer.ts';
import { needsAllItems } from './file-exporter.ts';
import { FileTarget } from './file-target.ts';
import { GzipTarget } from './gzip-target.ts';
import { itemChoice } from './item-choice.ts';
import { JsonExporter } from './json-exporter.ts';
import { JsonLinesExporter } from './json-lines-exporter.ts';
import { onlyNew } from './only-new.ts';
import { PackedTarget } from './packed-target.ts';
import { plainEndpoint } from './plain-endpoint.ts';
import { openS3, refusePlain } from './s3-objects.ts';
import { S3Storage } from './s3-storage.ts';

import { SpoolTarget } from './spool-target.ts';
import { StorageTarget } from './storage-target.ts';
import { StreamStorage } from './stream-storage.ts';
import { TargetStorage } from './target-storage.ts';
import { WholeFileTarget } from './whole-file-target.ts';
import { XmlExporter } from './xml-exporter.ts';

/** What a feed takes from the crawl around it. */
export interface FeedEnvironment {
  readonly clock: Clock;
  /** Relative paths begin here. @defaultValue the current folder */
  readonly folder?: string;
  /** Values for `%(name)s` in the URI; `time`, `batch_time` and `batch_id` are there by themselves. */
  readonly variables?: FeedVariables;
  /** What `uriParams` gets. */
  readonly spider?: object;
  /** Called with each complete file of a feed that is cut into batches. */
  readonly onSlotClosed?: (result: FeedSlotResult) => void;
  /** When the crawl or its job began, for `%(time)s`. @defaultValue now */
  readonly startedAtMs?: number;
  /** What `-` writes to. @defaultValue standard output */
  readonly stdout?: Writable;
  /** Called when the reader of standard output has gone away. */
  readonly onReaderGone?: () => void;
  /** Formats of your own, by name. */
  readonly formats?: Readonly<Record<string, (options: FeedOptions) => Exporter>>;
  /** Destinations of your own, by the scheme of their URI. */
  readonly storages?: Readonly<Record<string, (uri: string, options: FeedOptions) => FeedStorage>>;
  /** How `s3:` is reached. */
  readonly s3?: S3Options | undefined;
  /** Whether storages, too, are asked what is there where `ifExists` is `'refuse'`. @defaultValue `true` */
  readonly asksStorages?: boolean;
  /** Makes a local file anew, beside its place until the close: all items of a job come at once. */
  readonly whole?: WholeFeed | undefined;
}

/** How an output is made from all items of a job. */
export interface WholeFeed {
  /** Where items are appended, what is in the file itself comes first. @defaultValue `false` */
  readonly keepsContent?: boolean;
  /** A file whose bytes come first: what `Feed.prepare` kept of the time before the job. */
  readonly basePath?: string | undefined;
}

interface PackedFeed {
  readonly uri: string;
  readonly choice: PackingChoice | undefined;
  readonly options: FeedOptions;
  readonly environment: FeedEnvironment;
}

interface TargetEnvironment extends FeedEnvironment {
  /** Whether a job makes it again at the end of each run, over what the run before made. */
  readonly isMadeAnew: boolean;
}

const FORMATS: ReadonlyMap<string, (options: FeedOptions) => Exporter> = new Map<
  string,
  (options: FeedOptions) => Exporter
>([
  ['json', (options) => new JsonExporter(options)],
  ['jsonl', (options) => new JsonLinesExporter(options)],
  ['csv', (options) => new CsvExporter(options)],
  ['xml', (options) => new XmlExporter(options)],
]);
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['jl', 'jsonl'],
  ['jsonlines', 'jsonl'],
]);
const NAMES_BATCH = /%\((?:batch_id\)\d*[sd]|batch_time\)\d*s)/;

/**
 * A feed by its URI: a path, `file:` URL or `-` for standard output; JSON, JSON Lines, CSV or XML by its
 * extension unless the options name the format. Standard output is JSON Lines by default. What ends in `.gz`,
 * `.br` or `.zst` is packed.
 *
 * @throws SettingsError for an unknown format, scheme, encoding or template name.
 */
export function createFeed(uri: string, options: FeedOptions, environment: FeedEnvironment): Feed {
  const { clock, onSlotClosed } = environment;
  const { batchItemCount: size = 0 } = options;
  if (size === 0) return createFeedFile(uri, options, environment, { id: 1, timeMs: clock.now() });
  const choice = itemChoice(options);
  const make = (batch: FeedBatch): Feed =>
    createFeedFile(uri, batchOptions(uri, options), environment, batch);
  return new BatchedFeed({ uri, size, choice, clock, make, onSlotClosed });
}

/**
 * The options of one file of a feed that is cut into batches: it gets its own items only.
 *
 * @throws SettingsError where the names of the files could not be told apart.
 */
export function batchOptions(uri: string, options: FeedOptions): FeedOptions {
  if (!NAMES_BATCH.test(uri)) {
    throw new SettingsError(
      `feed ${uri}: batchItemCount needs %(batch_id)d or %(batch_time)s in the name, as in items-%(batch_id)05d.jsonl`,
    );
  }
  const { itemFilter: _filter, itemTypes: _types, ...others } = options;
  return others;
}

/** One file of a feed. @throws SettingsError as `createFeed` does. */
export function createFeedFile(
  uri: string,
  options: FeedOptions,
  environment: FeedEnvironment,
  batch: FeedBatch,
): Feed {
  const { clock, variables, spider, startedAtMs = clock.now() } = environment;
  const { uriParams } = options;
  const expanded = expandFeedUri(uri, feedParams({ uri, uriParams, variables, spider, startedAtMs, batch }));
  const exporter = createExporter(expanded, options, environment);
  const choice = packingChoice(expanded, options);
  const isWhole =
    (choice !== undefined && choice.name !== 'gzip') || (options.postprocessing ?? []).length > 0;
  const target = createTarget(expanded, exporter, options, {
    ...environment,
    isMadeAnew: environment.whole !== undefined,
    // A packed stream is whole at its end only: what reads the file meanwhile gets none, not half of it.
    ...(isWhole && { whole: environment.whole ?? {} }),
  });
  return new FeedWriter(
    exporter,
    packed(target, exporter, { uri: expanded, choice, options, environment }),
    clock,
    itemChoice(options),
  );
}

function packed(
  target: FeedTarget,
  exporter: Exporter,
  { uri, choice, options, environment }: PackedFeed,
): FeedTarget {
  const { storeEmpty = true, postprocessing = [] } = options;
  const streamOptions = { storeEmpty, looksFirst: environment.whole === undefined };
  if (postprocessing.length === 0) {
    if (choice === undefined) return target;
    const { name, level } = choice;
    if (name === 'gzip') return new GzipTarget(target, level);
    return new PackedTarget(target, packing(uri, name, level), streamOptions);
  }
  const first = choice && packing(uri, choice.name, choice.level);
  const behind = new PackedTarget(target, postprocessed(uri, first, postprocessing), streamOptions);
  // What went through these streams cannot be read back, so columns that come late must be known before.
  return needsAllItems(exporter)
    ? new SpoolTarget(new TargetStorage(behind, exporter.format), storeEmpty)
    : behind;
}

function createExporter(uri: string, options: FeedOptions, { formats }: FeedEnvironment): Exporter {
  const extension = isStdout(uri) ? 'jsonl' : extname(unpackedName(uri)).slice(1).toLowerCase();
  const given = options.format ?? extension;
  const name = ALIASES.get(given) ?? given;
  const own = formats !== undefined && Object.hasOwn(formats, name) ? formats[name] : undefined;
  const create = own ?? FORMATS.get(name);
  if (create !== undefined) {
    return checkedPart(create(options), ['start', 'encode', 'end'], `feed ${uri}: the exporter of ${name}`);
  }
  const known = [...FORMATS.keys(), ...Object.keys(formats ?? {})].join(', ');
  const others = formats === undefined ? '' : '; settings.feedExporters brings others';
  throw new SettingsError(
    given === ''
      ? `feed ${uri}: its name says no format; write ${uri}:jsonl, or one of ${known}`
      : `feed ${uri}: there is no format ${JSON.stringify(given)}; known are ${known}${others}`,
  );
}

function createTarget(
  uri: string,
  exporter: Exporter,
  options: FeedOptions,
  environment: TargetEnvironment,
): FeedTarget {
  if (isStdout(uri)) {
    const { stdout = process.stdout, onReaderGone } = environment;
    const storage = new StreamStorage('stdout:', () => stdout, { onReaderGone });
    return inOrder(storage, exporter, options, 'live');
  }
  const path = outputPath(uri, environment.folder);
  if (path === undefined) {
    const scheme = schemeOf(uri) ?? '';
    const { storages } = environment;
    const create = storages !== undefined && Object.hasOwn(storages, scheme) ? storages[scheme] : undefined;
    const storage = createStorage(uri, scheme, create, options, environment);
    const isRefused = options.ifExists === 'refuse' && (environment.asksStorages ?? true);
    const destination = isRefused ? onlyNew(storage, !environment.isMadeAnew) : storage;
    return inOrder(destination, exporter, options, 'whole');
  }
  const { onReaderGone, whole } = environment;
  if (!isPipe(path)) {
    return whole === undefined
      ? new FileTarget(path, options)
      : new WholeFileTarget(path, { ...options, ...whole });
  }
  const openPipe = (): Writable => createWriteStream(path, { flags: 'a' });
  const storage = new StreamStorage(path, openPipe, { endsStream: true, onReaderGone });
  return inOrder(storage, exporter, options, 'live');
}

function createStorage(
  uri: string,
  scheme: string,
  create: ((uri: string, options: FeedOptions) => FeedStorage) | undefined,
  options: FeedOptions,
  { s3 = {}, storages = {}, isMadeAnew }: TargetEnvironment,
): FeedStorage {
  if (create !== undefined) {
    const what = `the storage of ${scheme}:`;
    const storage = checkedPart(create(uri, options), ['open', 'write', 'close'], what);
    if (typeof storage.location === 'string') return storage;
    throw new SettingsError(`${what} has no location, the text that messages name it by`);
  }
  if (scheme === 's3') {
    refusePlain(s3, plainEndpoint(s3));
    return new S3Storage(uri, () => openS3(s3), options.ifExists === 'refuse' && !isMadeAnew);
  }
  const known = ['file', 's3', ...Object.keys(storages)].join(', ');
  throw new SettingsError(
    `feed ${uri}: nothing can write to ${scheme}:; known are ${known}, and what settings.feedStorages has`,
  );
}

/** What a user's factory made, which no compiler may have looked at. */
function checkedPart<Part extends object>(part: Part, methods: readonly string[], what: string): Part {
  const members = part as Readonly<Record<string, unknown>> | undefined;
  const missing = methods.find((method) => typeof members?.[method] !== 'function');
  if (missing === undefined) return part;
  throw new SettingsError(`${what} has no method ${missing}()`);
}

/** What is known at its end only waits for that. */
function inOrder(
  storage: FeedStorage,
  exporter: Exporter,
  { storeEmpty = true }: FeedOptions,
  durability: FeedDurability,
): FeedTarget {
  if (needsAllItems(exporter)) return new SpoolTarget(storage, storeEmpty);
  return new StorageTarget(storage, storeEmpty, durability);
}

/** Whether something is there that is no file: a named pipe, a device. What cannot be looked at fails at its opening. */
function isPipe(path: string): boolean {
  try {
    const stats = statSync(path);
    return !stats.isFile() && !stats.isDirectory();
  } catch {
    return false;
  }
}
