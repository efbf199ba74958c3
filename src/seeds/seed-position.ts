import { crc32 } from 'node:zlib';

/** How far a job has read its seeds. */
export interface SeedPosition {
  /** The source that it was read from. */
  readonly source: string;
  /** Unpacked bytes that are done with. */
  readonly offset: number;
  /** Lines that are done with. */
  readonly line: number;
  /** How many bytes before the offset are known again by their checksum: at most 64 KiB. */
  readonly checkBytes: number;
  readonly check: number;
  /** Length of the last line where no line feed ended it: it may have been written on. */
  readonly tailBytes: number;
  /** Items that `start()` had given then. */
  readonly ordinal: number;
  /** Stored bytes of the source where it was read to its end; none: it was not. */
  readonly endedAt?: number;
}

/** The position in a source that a job has kept; undefined: it has kept none in this source. */
export function positionIn(
  state: Readonly<Record<string, unknown>>,
  source: string,
): SeedPosition | undefined {
  return state.source === source ? (state as unknown as SeedPosition) : undefined;
}

/** Keeps a position with the job. */
export function keepPosition(state: Record<string, unknown>, position: SeedPosition): void {
  if (position.endedAt === undefined) delete state.endedAt;
  Object.assign(state, position);
}

/** Checksum and length of the bytes before a place. */
export function markOf(window: readonly Buffer[]): Pick<SeedPosition, 'check' | 'checkBytes'> {
  return {
    check: window.reduce((check, piece) => crc32(piece, check), 0),
    checkBytes: window.reduce((bytes, { length }) => bytes + length, 0),
  };
}
