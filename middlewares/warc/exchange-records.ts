import { isSecretName, type Request, type WireExchange } from '../../src/api.ts';
import { type DigestAlgorithm, digestOf } from './digest.ts';
import type { PayloadMemory } from './payload-memory.ts';
import { recordUrl } from './record-url.ts';
import { encodeFields, encodeRecord, newRecordId } from './warc-record.ts';

/** How exchanges become records. */
export interface ExchangeRecordOptions {
  readonly digest: DigestAlgorithm;
  /** Adds a `metadata` record. */
  readonly metadata: boolean;
  /** Leaves secret request headers as they were sent. */
  readonly keepSecrets: boolean;
}

/** The records of one exchange. */
export interface ExchangeRecords {
  /** Whole records, the request's first. */
  readonly records: readonly Buffer[];
  readonly isRevisit: boolean;
}

/** What archived headers that were changed are called, as other archivers do. */
export const ORIGINAL_PREFIX = 'X-Archive-Orig-';
const IDENTICAL_PAYLOAD = 'http://netpreserve.org/warc/1.1/revisit/identical-payload-digest';
const MASK = '***';
const TRANSFER_ENCODING = 'transfer-encoding';

/**
 * The `request` record of an exchange, its `response` or, where the archive has the payload already, `revisit`
 * record, and where asked for its `metadata` record.
 */
export function exchangeRecords(
  exchange: WireExchange,
  request: Request,
  { date, infoId, seen }: { readonly date: Date; readonly infoId: string; readonly seen: PayloadMemory },
  { digest, metadata, keepSecrets }: ExchangeRecordOptions,
): ExchangeRecords {
  const { body, truncated, ipAddress, protocol } = exchange;
  const url = recordUrl(exchange.url);
  const [requestId, responseId] = [newRecordId(), newRecordId()];
  const shared = [
    ['WARC-Target-URI', url],
    ['WARC-Warcinfo-ID', infoId],
    ['WARC-IP-Address', ipAddress],
  ] as const;
  const requestBody = exchange.requestBody ?? new Uint8Array();
  const sent = encodeRecord(
    {
      type: 'request',
      id: requestId,
      date,
      contentType: 'application/http;msgtype=request',
      fields: [
        ...shared,
        ['WARC-Concurrent-To', responseId],
        ['WARC-Payload-Digest', digestOf([requestBody], digest)],
      ],
      block: [requestHead(exchange, keepSecrets), requestBody],
    },
    digest,
  );
  const payloadDigest = digestOf([body], digest);
  const isWhole = truncated === undefined && body.length > 0;
  const original = isWhole ? seen.find(payloadDigest) : undefined;
  if (isWhole) seen.remember(payloadDigest, { recordId: responseId, url, date: date.toISOString() });
  const head = responseHead(exchange);
  const received = encodeRecord(
    {
      type: original === undefined ? 'response' : 'revisit',
      id: responseId,
      date,
      contentType: 'application/http;msgtype=response',
      fields: [
        ...shared,
        ['WARC-Concurrent-To', requestId],
        ['WARC-Payload-Digest', payloadDigest],
        ['WARC-Truncated', truncated],
        // Not in WARC 1.1; readers pass over names that they do not know.
        ['WARC-Protocol', protocol],
        ['WARC-Profile', original && IDENTICAL_PAYLOAD],
        ['WARC-Refers-To', original?.recordId],
        ['WARC-Refers-To-Target-URI', original?.url],
        ['WARC-Refers-To-Date', original?.date],
      ],
      block: original === undefined ? [head, body] : [head],
    },
    digest,
  );
  const records = [sent, received];
  if (metadata) records.push(metadataRecord());
  return { records, isRevisit: original !== undefined };

  function metadataRecord(): Buffer {
    const { connectMs, latencyMs, totalMs } = exchange.timings;
    const whole = (ms: number | undefined): string | undefined =>
      ms === undefined ? undefined : String(Math.round(ms));
    return encodeRecord(
      {
        type: 'metadata',
        id: newRecordId(),
        date,
        contentType: 'application/warc-fields',
        fields: [...shared.slice(0, 2), ['WARC-Concurrent-To', responseId]],
        block: [
          encodeFields([
            ['via', request.headers.get('referer')],
            ['hopsFromSeed', 'L'.repeat(Math.min(request.meta.depth ?? 0, 100))],
            ['fetchTimeMs', whole(totalMs)],
            ['connectTimeMs', whole(connectMs)],
            ['firstByteTimeMs', whole(latencyMs)],
          ]),
        ],
      },
      digest,
    );
  }
}

function requestHead({ method, target, requestHeaders }: WireExchange, keepSecrets: boolean): Buffer {
  const lines = requestHeaders.map(([name, value]) => {
    const isMasked = !keepSecrets && isSecretName(name);
    return `${name}: ${isMasked ? MASK : value}\r\n`;
  });
  return Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1');
}

/** The chunks of a body are joined when it gets here: its head says so, with the length in their place. */
function responseHead({ status, statusText, rawHeaders, body }: WireExchange): Buffer {
  let wasChunked = false;
  let lines = '';
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = latin1(rawHeaders[at]);
    const isFraming = name.toLowerCase() === TRANSFER_ENCODING;
    wasChunked ||= isFraming;
    lines += `${isFraming ? ORIGINAL_PREFIX : ''}${name}: ${latin1(rawHeaders[at + 1])}\r\n`;
  }
  if (wasChunked) lines += `Content-Length: ${body.length}\r\n`;
  return Buffer.from(`HTTP/1.1 ${status} ${statusText}\r\n${lines}\r\n`, 'latin1');
}

function latin1(bytes: Uint8Array = new Uint8Array()): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
