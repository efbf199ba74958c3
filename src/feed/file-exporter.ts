import type { Exporter } from '../contracts/exporter.ts';

/** A file that an exporter is to go on with. */
export interface ExistingFile {
  /** Bytes. */
  readonly size: number;
  /** Some of its bytes, fewer where it ends. */
  read(position: number, length: number): Promise<Buffer>;
}

/** Pieces of a file, in order. */
export type FilePieces = AsyncIterable<Buffer>;

/** An exporter that knows how its files end, so that they can be gone on with. */
export interface FileExporter extends Exporter {
  /**
   * Takes up a file that is not empty; `start()` is not asked then. Gives the position where its whole records
   * end: what follows is overwritten.
   *
   * @throws Error that says why the file cannot be gone on with.
   */
  resume(file: ExistingFile): Promise<number>;
  /** Whether `revision` may give something: such a document is known at its end only. */
  readonly needsAllItems?: boolean;
  /** Asked at the end: what the whole file must be turned into; undefined: nothing to change. */
  revision?(): ((file: FilePieces) => FilePieces) | undefined;
}

/** Whether an exporter can go on with a file. */
export function isFileExporter(exporter: Exporter): exporter is FileExporter {
  return 'resume' in exporter;
}
