import type { HeaderMap } from '../values/header-map.ts';

/** The head of an answer whose body is about to come. */
export interface ResponseHead {
  /** The address that answers. */
  readonly url: string;
  readonly status: number;
  readonly headers: HeaderMap;
}

/**
 * Takes the body of one answer, unpacked, instead of memory. `write` is not called again before what it gave is
 * settled; the network waits meanwhile, and its time limits with it. Each call may take as long as the whole response
 * (`unit.timeoutMs`); then the download fails with an `OutputError`. Ends with one of `end` and `abort`; an
 * `end` that fails, or comes too late, is followed by `abort`.
 */
export interface BodyWriter {
  /** Must not keep the chunk beyond what it gives. Rejecting fails the download. */
  write(chunk: Uint8Array): Promise<void> | void;
  /** The body is whole, or as whole as was asked for; the response is given once this is settled. */
  end(): Promise<void>;
  /** The download failed or was given up: what was written is to be removed. Must not reject. */
  abort(error: unknown): Promise<void>;
}

/**
 * Where the body of a request's answer goes. The response then has an empty body and the flag `streamed`. Each
 * attempt and each redirect asks anew. Answers from caches, of `data:` and `file:` URLs, and those that an archive
 * wants to see come with their body, as if there was no sink.
 */
export interface BodySink {
  /** A writer, or undefined for an answer that is to come with its body. */
  begin(head: ResponseHead): BodyWriter | undefined;
}
