import * as zlib from 'node:zlib';
import { BodyTooLargeError } from '../errors/body-too-large-error.ts';
import { isCrawlError } from '../errors/crawl-error.ts';
import { DataLossError } from '../errors/data-loss-error.ts';

/** What bounds the unpacking of a body. */
export interface DecodeOptions {
  /** Most bytes that any layer may unpack to. */
  readonly maxBytes: number;
  /** Throw where a body does not unpack to its end (true), or hand on what did (false). */
  readonly failOnDataLoss: boolean;
  /** Named in errors. @defaultValue `the server` */
  readonly url?: string;
}

/** A body without the codings that are known here. */
export interface DecodedBody {
  readonly body: Uint8Array;
  /** The Content-Encoding that is still on the body: from an unknown coding on; undefined where none is. */
  readonly contentEncoding: string | undefined;
  /** Whether the body did not unpack to its end. */
  readonly partial: boolean;
}

type Layer = { readonly body: Uint8Array; readonly partial: boolean };
type ZlibOptions = {
  readonly maxOutputLength: number;
  readonly chunkSize: number;
  readonly finishFlush?: number;
};
type Inflate = (body: Uint8Array, options: ZlibOptions) => Buffer;
type InflateLater = (
  body: Uint8Array,
  options: ZlibOptions,
  done: (error: Error | null, result: Buffer) => void,
) => void;

interface Coding {
  readonly now: Inflate;
  readonly later: InflateLater;
  /** Makes the end of the input no error. */
  readonly lenientFlush: number;
  /** Bytes of checksums behind the data. */
  readonly trailer: number;
  /** Whether the bytes can be of this coding; without it any bytes can. */
  readonly fits?: (body: Uint8Array) => boolean;
}

/** Most codings of one body that are undone. */
export const MAX_CODINGS = 5;
/** Above this many packed bytes the work goes to a thread; below, handing it over costs more than doing it. */
const SYNC_BYTES = 256 * 1024;
const CHUNK_BYTES = 64 * 1024;
const TEXT_SAMPLE = 256;

const { Z_SYNC_FLUSH, BROTLI_OPERATION_FLUSH } = zlib.constants;
const gzip: Coding = {
  now: zlib.gunzipSync,
  later: zlib.gunzip,
  lenientFlush: Z_SYNC_FLUSH,
  trailer: 8,
  fits: (body) => body[0] === 0x1f && body[1] === 0x8b,
};
const wrappedDeflate: Coding = {
  now: zlib.inflateSync,
  later: zlib.inflate,
  lenientFlush: Z_SYNC_FLUSH,
  trailer: 4,
};
const rawDeflate: Coding = {
  now: zlib.inflateRawSync,
  later: zlib.inflateRaw,
  lenientFlush: Z_SYNC_FLUSH,
  trailer: 0,
};
const brotli: Coding = {
  now: zlib.brotliDecompressSync,
  later: zlib.brotliDecompress,
  lenientFlush: BROTLI_OPERATION_FLUSH,
  trailer: 0,
};
const zstd = runtimeZstd();

const codings = new Map<string, (body: Uint8Array) => Coding>([
  ['gzip', () => gzip],
  ['x-gzip', () => gzip],
  ['deflate', (body) => (hasZlibHeader(body) ? wrappedDeflate : rawDeflate)],
  ['br', () => brotli],
  ...(zstd === undefined ? [] : [['zstd', () => zstd] as const]),
]);

/** What the downloader sends as Accept-Encoding: every coding this runtime can undo. */
export const ACCEPT_ENCODING: string = [...codings.keys()].filter((name) => name !== 'x-gzip').join(', ');

/**
 * Undoes the codings of a body, last one first, as RFC 9110 8.4 says: gzip, deflate (with or without its zlib
 * header), br, zstd where the runtime has it. Stops at a coding it does not know and leaves it and those before
 * it, as Scrapy. A body that is not coded although its header says so is handed on as it is. Small bodies are
 * done at once, large ones in a thread.
 *
 * @throws BodyTooLargeError when a layer unpacks to more than `maxBytes`.
 * @throws DataLossError when a layer is cut or corrupt and `failOnDataLoss` is set, or when more than five
 * codings are named.
 */
export function decodeBody(
  body: Uint8Array,
  contentEncoding: string | undefined,
  options: DecodeOptions,
): DecodedBody | Promise<DecodedBody> {
  const { names, left } = readCodings(contentEncoding);
  if (names.length === 0 || body.length === 0) return { body, contentEncoding: left, partial: false };
  if (names.length > MAX_CODINGS) {
    const reason = `${names.length} content codings, at most ${MAX_CODINGS} are undone`;
    if (options.failOnDataLoss) throw new DataLossError(nameOf(options), reason);
    return { body, contentEncoding, partial: true };
  }
  return undo({ body, partial: false }, names, 0, left, options);
}

/** The known codings at the header's end, in the order in which they are undone, and what is left of it. */
export function readCodings(header: string | undefined): { names: string[]; left: string | undefined } {
  const all = (header ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter(Boolean);
  const names: string[] = [];
  let keep = all.length;
  for (let at = all.length - 1; at >= 0; at--) {
    const name = all[at] ?? '';
    if (name === 'identity') continue;
    if (!codings.has(name)) break;
    names.push(name);
    keep = at;
  }
  return { names, left: keep === 0 ? undefined : all.slice(0, keep).join(', ') };
}

function undo(
  start: Layer,
  names: readonly string[],
  from: number,
  left: string | undefined,
  options: DecodeOptions,
): DecodedBody | Promise<DecodedBody> {
  let { body, partial } = start;
  for (let at = from; at < names.length; at++) {
    const coding = codings.get(names[at] ?? '')?.(body);
    if (coding === undefined) break;
    const layer = unpack(coding, body, options);
    if (layer instanceof Promise) {
      return layer.then((next) =>
        undo({ body: next.body, partial: partial || next.partial }, names, at + 1, left, options),
      );
    }
    body = layer.body;
    partial ||= layer.partial;
  }
  return { body, contentEncoding: left, partial };
}

function unpack(coding: Coding, body: Uint8Array, options: DecodeOptions): Layer | Promise<Layer> {
  if (coding.fits?.(body) === false) return { body, partial: false };
  const limits = { maxOutputLength: options.maxBytes, chunkSize: CHUNK_BYTES };
  if (body.length > SYNC_BYTES) {
    return inflateLater(coding, body, limits).then(
      (whole) => ({ body: whole, partial: false }),
      (error) => rescue(error, coding, body, options),
    );
  }
  try {
    return { body: coding.now(body, limits), partial: false };
  } catch (error) {
    return rescue(error, coding, body, options);
  }
}

/** What to do with a body that did not unpack. */
function rescue(
  error: unknown,
  coding: Coding,
  body: Uint8Array,
  options: DecodeOptions,
): Layer | Promise<Layer> {
  if (isTooLarge(error)) throw new BodyTooLargeError(nameOf(options), options.maxBytes, { cause: error });
  if (looksLikeText(body)) return { body, partial: false };
  if (!options.failOnDataLoss) return salvage(coding, body, options);
  const reason = error instanceof Error ? error.message : String(error);
  throw new DataLossError(nameOf(options), `unpacking failed: ${reason}`, { cause: error });
}

/**
 * All that can be unpacked of a cut or corrupt body: the output of its longest beginning without an error.
 * Tried first: the whole (it was only cut) and all but the checksum.
 */
async function salvage(coding: Coding, body: Uint8Array, options: DecodeOptions): Promise<Layer> {
  const limits = {
    maxOutputLength: options.maxBytes,
    chunkSize: CHUNK_BYTES,
    finishFlush: coding.lenientFlush,
  };
  let good: Uint8Array = new Uint8Array();
  let low = 0;
  let high = body.length + 1;
  const guesses = [body.length - coding.trailer, body.length];
  while (low < high - 1) {
    const guess = guesses.pop() ?? 0;
    const probe = guess > low && guess < high ? guess : (low + high) >> 1;
    try {
      good = await inflateLater(coding, body.subarray(0, probe), limits);
      low = probe;
    } catch (error) {
      if (isTooLarge(error)) throw new BodyTooLargeError(nameOf(options), options.maxBytes, { cause: error });
      high = probe;
    }
  }
  return { body: good, partial: true };
}

function inflateLater(coding: Coding, body: Uint8Array, options: ZlibOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    coding.later(body, options, (error, result) => (error ? reject(error) : resolve(result)));
  });
}

function isTooLarge(error: unknown): boolean {
  return error instanceof RangeError || isCrawlError(error);
}

function nameOf({ url = 'the server' }: DecodeOptions): string {
  return url;
}

/** RFC 1950 2.2: the method is 8 and the first two bytes divide by 31. */
export function hasZlibHeader(body: Uint8Array): boolean {
  const [first = 0, second = 0] = body;
  return (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0;
}

/** Packed data has control characters within its first bytes, text has none. */
export function looksLikeText(body: Uint8Array): boolean {
  const end = Math.min(body.length, TEXT_SAMPLE);
  for (let at = 0; at < end; at++) {
    const byte = body[at] ?? 0;
    if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0c && byte !== 0x0d) return false;
  }
  return true;
}

/** Node has zstd from 22.15 on. */
function runtimeZstd(): Coding | undefined {
  const runtime = zlib as unknown as {
    readonly zstdDecompressSync?: Inflate;
    readonly zstdDecompress?: InflateLater;
    readonly constants: { readonly ZSTD_e_flush?: number };
  };
  const { zstdDecompressSync: now, zstdDecompress: later } = runtime;
  if (now === undefined || later === undefined) return undefined;
  return { now, later, lenientFlush: runtime.constants.ZSTD_e_flush ?? 1, trailer: 4 };
}
