import type { LogSink } from './log-sink.ts';

/** A writable stream as far as log lines need it. */
export interface LineStream {
  readonly isTTY?: boolean;
  readonly writable: boolean;
  readonly writableLength: number;
  write(text: string): unknown;
  on(event: 'error', listener: () => void): unknown;
}

const MOST_WAITING_BYTES = 4 * 1024 * 1024;
// An error event without a listener ends the process; one listener a stream is enough.
const heard = new WeakSet<LineStream>();

/**
 * Writes lines to a stream such as standard error. While its reader stands still, lines above 4 MiB are dropped
 * and counted; when the reader has gone, all are.
 */
export function streamSink(stream: LineStream): LogSink {
  if (!heard.has(stream)) {
    heard.add(stream);
    stream.on('error', () => {});
  }
  let dropped = 0;
  return {
    isScreen: stream.isTTY === true,
    write(lines) {
      if (!stream.writable) return;
      if (stream.writableLength > MOST_WAITING_BYTES) {
        dropped += 1;
        return;
      }
      try {
        if (dropped > 0) stream.write(`… ${dropped} log lines dropped: nobody read them\n`);
        dropped = 0;
        stream.write(lines);
      } catch {
        // A stream may throw when it is destroyed in between: there is nowhere left to say so.
      }
    },
  };
}
