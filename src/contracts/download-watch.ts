import type { ResponseHead } from './body-sink.ts';

/** How a download is cut off. */
export interface StopOptions {
  /** The download fails with a DownloadStoppedError (true), or what came so far is the response, with the flags `stopped` and `partial`. @defaultValue `true` */
  readonly fail?: boolean;
}

/** Cuts a download off while it comes; after its end it does nothing. */
export type StopDownload = (options?: StopOptions) => void;

/** Sees an answer while it comes over the network; handlers of other schemes need not call it. */
export interface DownloadWatch {
  /** The head has come, the body not yet. */
  head?(head: ResponseHead, stop: StopDownload): void;
  /** A piece of the body has come, as it was sent: Content-Encoding is still on it. */
  bytes?(chunk: Uint8Array, stop: StopDownload): void;
}
