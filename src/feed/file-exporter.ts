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

/** What a target asks of an exporter: how its documents begin and end. */
export type FeedDocument = Omit<Exporter, 'encode'>;

/** A document in a file that can be gone on with. */
export interface FileDocument extends FeedDocument {
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

/** An exporter that knows how its files end, so that they can be gone on with. */
export interface FileExporter extends Exporter, FileDocument {
  encode: Exporter['encode'];
}

/** Whether a document can go on with a file. */
export function isFileDocument(document: FeedDocument): document is FileDocument {
  return 'resume' in document;
}

/** Whether a document is known at its end only. */
export function needsAllItems(document: FeedDocument): boolean {
  return isFileDocument(document) && document.needsAllItems === true;
}
