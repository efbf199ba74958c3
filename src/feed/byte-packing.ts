import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { SettingsError } from '../errors/settings-error.ts';
import type { FeedOptions } from '../settings/feed-options.ts';

/** How an output is packed. */
export type PackingName = 'gzip' | 'brotli' | 'zstd';

/** A way of packing whose files are whole at their end only. */
export interface Packing {
  readonly name: PackingName;
  pack(): Transform;
  unpack(): Transform;
}

const ENDINGS: readonly (readonly [RegExp, PackingName])[] = [
  [/\.gz$/i, 'gzip'],
  [/\.br$/i, 'brotli'],
  [/\.zst$/i, 'zstd'],
];
const OTHER_ENDING = /\.(bz2|xz|lzma)$/i;
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
  { compression, compressionLevel }: FeedOptions,
): PackingChoice | undefined {
  const name = compression ?? ENDINGS.find(([ending]) => ending.test(uri))?.[1];
  const other = OTHER_ENDING.exec(uri)?.[1];
  if (name === undefined && other !== undefined) {
    throw new SettingsError(
      `feed ${uri}: Node has no ${other}; write .gz, .br or .zst, or pack the file afterwards`,
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

/** A name without what says how it is packed. */
export function unpackedName(uri: string): string {
  return ENDINGS.reduce((name, [ending]) => name.replace(ending, ''), uri);
}

/** @throws SettingsError where this Node does not have it. */
export function packing(uri: string, name: 'brotli' | 'zstd', level: number): Packing {
  if (name === 'zstd') return zstd(uri, level);
  const { BROTLI_PARAM_QUALITY } = zlib.constants;
  return {
    name,
    pack: () => zlib.createBrotliCompress({ params: { [BROTLI_PARAM_QUALITY]: level } }),
    unpack: () => zlib.createBrotliDecompress(),
  };
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
