import type { DownloadTimings } from '../values/response.ts';

/** Why a body is not whole, in the words of WARC: a size limit, a time limit, the connection, or something else. */
export type Truncation = 'length' | 'time' | 'disconnect' | 'unspecified';

/** One request and its answer as they went over the network. */
export interface WireExchange {
  /** The request's URL. */
  readonly url: string;
  readonly method: string;
  /** What stood in the request line: a path, behind a proxy a whole URL. */
  readonly target: string;
  /** As they were sent, with those of the HTTP client. */
  readonly requestHeaders: readonly (readonly [name: string, value: string])[];
  readonly requestBody: Uint8Array | undefined;
  readonly status: number;
  readonly statusText: string;
  /** Name, value, name, value, …, in the server's spelling. */
  readonly rawHeaders: readonly Uint8Array[];
  /** Chunks joined, codings of Content-Encoding still on it. */
  readonly body: Uint8Array;
  /** Why the body ends early; undefined: it is whole. */
  readonly truncated: Truncation | undefined;
  /** `http/1.1`, `h2`. */
  readonly protocol: string;
  /** Address of the server; unknown behind a proxy. */
  readonly ipAddress: string | undefined;
  readonly timings: DownloadTimings;
}
