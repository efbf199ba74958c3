import { Duplex, pipeline, type Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { SettingsError } from '../errors/settings-error.ts';
import type { FeedOptions } from '../settings/feed-options.ts';
import { foreignPackingOfName, type PackingName, packingOfName } from '../values/packed-name.ts';

/** A way of packing whose files are whole at their end only. */
export interface Packing {
  readonly name: PackingName | 'postprocessing';
  pack(): Duplex;
  /** Undefined: only the other way is known. */
  unpack?(): Duplex;
}

/** Least and most level, and the default. */
const LEVELS: Readonly<Record<PackingName, readonly [number, number, number]>> = {
  gzip: [0, 9, 6],
  brotli: [0, 11, 6],
  zstd: [1, 19, 3],
};

/** How an output is packed, and how tightly. */
export interface PackingChoice {
  readonly name: PackingName;
  readonly level: number;
}

/**
 * The packing that the options or the end of the name ask for; undefined: none.
 *
 * @throws SettingsError for a level that it does not have, and for bzip2 and xz, which Node cannot write.
 */
export function packingChoice(
  uri: string,
  { compression, compressionLevel, postprocessing = [] }: FeedOptions,
): PackingChoice | undefined {
  const name = compression ?? packingOfName(uri);
  const other = foreignPackingOfName(uri);
  if (name === undefined && other !== undefined && postprocessing.length === 0) {
    throw new SettingsError(
      `feed ${uri}: Node has no ${other}; write .gz, .br or .zst, or give the stream of a package that has it (postprocessing)`,
    );
  }
  if (name === undefined) return undefined;
  const [least, most, standard] = LEVELS[name];
  const level = compressionLevel ?? standard;
  if (level >= least && level <= most) return { name, level };
  throw new SettingsError(
    `feed ${uri}: compressionLevel of ${name} goes from ${least} to ${most}, not ${level}`,
  );
}

/** @throws SettingsError where this Node does not have it. */
export function packing(uri: string, name: PackingName, level: number): Packing {
  if (name === 'zstd') return zstd(uri, level);
  if (name === 'gzip') {
    return { name, pack: () => zlib.createGzip({ level }), unpack: () => zlib.createGunzip() };
  }
  const { BROTLI_PARAM_QUALITY } = zlib.constants;
  return {
    name,
    pack: () => zlib.createBrotliCompress({ params: { [BROTLI_PARAM_QUALITY]: level } }),
    unpack: () => zlib.createBrotliDecompress(),
  };
}

/** Streams of the user's behind a packing, or alone. `pack()` throws a SettingsError for what is no stream. */
export function postprocessed(
  uri: string,
  first: Packing | undefined,
  makers: readonly (() => unknown)[],
): Packing {
  return {
    name: 'postprocessing',
    pack() {
      const own = makers.map((make, at) => checkedStream(make(), `feed ${uri}: postprocessing[${at}]`));
      const streams = first === undefined ? own : [first.pack(), ...own];
      const [head] = streams;
      const last = streams.at(-1);
      if (streams.length > 1) pipeline(streams, () => undefined);
      // A fault of one ends all of them, and the whole.
      return head === last ? (head as Duplex) : Duplex.from({ writable: head, readable: last });
    },
  };
}

function checkedStream(made: unknown, what: string): Duplex {
  const { write, read } = (made ?? {}) as Partial<Record<'write' | 'read', unknown>>;
  if (typeof write === 'function' && typeof read === 'function') return made as Duplex;
  throw new SettingsError(`${what} made no stream that is written to and read from, as a Transform is`);
}

/** Node has zstd from 22.15 on. */
interface ZstdRuntime {
  readonly createZstdCompress?: (options: object) => Transform;
  readonly createZstdDecompress?: () => Transform;
  readonly constants: { readonly ZSTD_c_compressionLevel?: number };
}

function zstd(uri: string, level: number): Packing {
  const { createZstdCompress, createZstdDecompress, constants } = zlib as ZstdRuntime;
  const { ZSTD_c_compressionLevel: parameter = 100 } = constants;
  if (createZstdCompress === undefined || createZstdDecompress === undefined) {
    throw new SettingsError(
      `feed ${uri}: zstd needs Node 22.15 or newer, this is ${process.version}; write .gz or .br instead`,
    );
  }
  return {
    name: 'zstd',
    pack: () => createZstdCompress({ params: { [parameter]: level } }),
    unpack: () => createZstdDecompress(),
  };
}
