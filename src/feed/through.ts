import { type Duplex, pipeline, Readable } from 'node:stream';
import type { FilePieces } from './file-exporter.ts';

/** Pieces of a file as a transform makes them; the reader gets its faults. */
export function through(pieces: FilePieces, transform: Duplex): FilePieces {
  // A fault ends the transform, whose reader gets it.
  pipeline(Readable.from(pieces), transform, () => undefined);
  return transform;
}
