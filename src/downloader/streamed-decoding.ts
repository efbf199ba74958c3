import { pipeline, type Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { errorMessage, isCrawlError } from '../errors/crawl-error.ts';
import { DataLossError } from '../errors/data-loss-error.ts';
import { hasZlibHeader, looksLikeText } from './content-decoding.ts';

/** How codings are undone while the body comes. */
export interface StreamedDecodeOptions {
  /** Named in errors. */
  readonly url: string;
  /** Throw where a body does not unpack to its end (true), or end with what did (false). */
  readonly failOnDataLoss: boolean;
  /** Told of a body that did not unpack to its end. */
  readonly onPartial: () => void;
}

/** Bytes that are looked at to see whether a body is coded at all. */
const HEAD_BYTES = 256;

/**
 * Undoes codings of a body while it comes, in the order of their names. A layer that is not coded although the
 * header says so is handed on as it is, as `decodeBody` does.
 *
 * @throws DataLossError when a layer is cut or corrupt and `failOnDataLoss` is set.
 */
export function undoCodings(
  source: AsyncIterable<Uint8Array>,
  names: readonly string[],
  options: StreamedDecodeOptions,
): AsyncIterable<Uint8Array> {
  return names.reduce((layer, name) => undoCoding(layer, name, options), source);
}

async function* undoCoding(
  source: AsyncIterable<Uint8Array>,
  name: string,
  options: StreamedDecodeOptions,
): AsyncGenerator<Uint8Array> {
  const { head, whole } = await peek(source);
  const decoder = head.length === 0 ? undefined : decoderFor(name, head);
  if (decoder === undefined) {
    yield* whole;
    return;
  }
  // What fails in it is thrown by the loop below.
  pipeline(whole, decoder, () => {});
  try {
    for await (const chunk of decoder) yield chunk as Uint8Array;
  } catch (error) {
    if (isCrawlError(error)) throw error;
    if (options.failOnDataLoss) {
      throw new DataLossError(options.url, `unpacking failed: ${errorMessage(error)}`, { cause: error });
    }
    options.onPartial();
  }
}

/** The first bytes of a body, and all of it. */
async function peek(
  source: AsyncIterable<Uint8Array>,
): Promise<{ head: Uint8Array; whole: AsyncIterable<Uint8Array> }> {
  const iterator = source[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  for (let size = 0; size < HEAD_BYTES; ) {
    const { done, value } = await iterator.next();
    if (done === true) break;
    first.push(value);
    size += value.length;
  }
  async function* whole(): AsyncGenerator<Uint8Array> {
    yield* first.splice(0);
    yield* { [Symbol.asyncIterator]: () => iterator };
  }
  return { head: Buffer.concat(first).subarray(0, HEAD_BYTES), whole: whole() };
}

/** Undefined: the bytes are not of this coding. */
function decoderFor(name: string, head: Uint8Array): Transform | undefined {
  if (name === 'gzip' || name === 'x-gzip') {
    return head[0] === 0x1f && head[1] === 0x8b ? zlib.createGunzip() : undefined;
  }
  if (looksLikeText(head)) return undefined;
  if (name === 'deflate') return hasZlibHeader(head) ? zlib.createInflate() : zlib.createInflateRaw();
  if (name === 'br') return zlib.createBrotliDecompress();
  const { createZstdDecompress } = zlib as { readonly createZstdDecompress?: () => Transform };
  return name === 'zstd' ? createZstdDecompress?.() : undefined;
}
