import type { DownloadWatch } from '../contracts/download-watch.ts';
import type { Signals } from '../contracts/signal.ts';
import type { Request } from '../values/request.ts';

/** Tells the listeners of `headersReceived` and `bytesReceived` of a download; undefined: there are none. */
export function watchDownload(signals: Signals, request: Request): DownloadWatch | undefined {
  const hearsHead = signals.has('headersReceived');
  const hearsBytes = signals.has('bytesReceived');
  if (!hearsHead && !hearsBytes) return undefined;
  return {
    ...(hearsHead && {
      head: (head, stop) => void signals.emit('headersReceived', { ...head, request, stop }),
    }),
    ...(hearsBytes && {
      bytes: (data, stop) => void signals.emit('bytesReceived', { data, request, stop }),
    }),
  };
}
