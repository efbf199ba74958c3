import { HeaderMap } from '../values/header-map.ts';
import type { Request } from '../values/request.ts';
import { type DownloadTimings, Response } from '../values/response.ts';
import { type DecodeOptions, decodeBody } from './content-decoding.ts';
import type { StreamedEnd } from './streamed-body.ts';

/** An answer as it came over the wire. */
export interface RawAnswer {
  readonly request: Request;
  readonly status: number;
  readonly rawHeaders: readonly Buffer[];
  readonly body: Buffer;
  /** Whether the body ended before its end. */
  readonly isCut: boolean;
  /** Whether somebody cut it off while it came. */
  readonly isStopped: boolean;
  readonly timings: DownloadTimings;
  readonly protocol: string;
  readonly ipAddress: string | undefined;
}

/**
 * The response of a raw answer, unpacked unless `decoding` is undefined. What is not whole bears the flag
 * `partial`.
 *
 * @throws BodyTooLargeError, DataLossError as `decodeBody` says.
 */
export function toResponse(
  answer: RawAnswer,
  decoding: DecodeOptions | undefined,
): Response | Promise<Response> {
  const headers = HeaderMap.fromRaw(answer.rawHeaders);
  const codings = headers.getAll('content-encoding');
  if (decoding === undefined || codings.length === 0 || answer.request.method === 'HEAD') {
    return build(answer, headers, answer.body, answer.isCut);
  }
  const decoded = decodeBody(answer.body, codings.join(','), decoding);
  return decoded instanceof Promise ? decoded.then(unpacked) : unpacked(decoded);

  function unpacked({ body, contentEncoding, partial }: Awaited<typeof decoded>): Response {
    setCoding(headers, contentEncoding);
    return build(answer, headers, body, answer.isCut || partial);
  }
}

/** The response of an answer whose body went to a sink: an empty one, with the flag `streamed`. */
export function streamedResponse(answer: RawAnswer, { contentEncoding, partial }: StreamedEnd): Response {
  const headers = HeaderMap.fromRaw(answer.rawHeaders);
  setCoding(headers, contentEncoding);
  return build(answer, headers, new Uint8Array(), answer.isCut || partial, ['streamed']);
}

function setCoding(headers: HeaderMap, contentEncoding: string | undefined): void {
  if (contentEncoding === undefined) headers.delete('content-encoding');
  else headers.set('content-encoding', contentEncoding);
}

function build(
  answer: RawAnswer,
  headers: HeaderMap,
  body: Uint8Array,
  isPartial: boolean,
  given: readonly string[] = [],
): Response {
  const flags = answer.isStopped ? [...given, 'stopped'] : given;
  const { request, status, timings, protocol, ipAddress } = answer;
  return new Response(request.url, {
    status,
    headers,
    body,
    flags: isPartial ? [...flags, 'partial'] : flags,
    request,
    timings,
    protocol,
    ...(ipAddress !== undefined && { ipAddress }),
  });
}
