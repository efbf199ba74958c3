import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Answer } from './answer.ts';

type Coding = 'br' | 'gzip' | 'identity';

/** What goes over the wire. */
export interface Reply {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer | undefined;
}

const SHORTEST_TO_COMPRESS = 256;
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

/** An answer in the codings that visitors accept; each is made once, when first asked for. */
export class PreparedAnswer {
  readonly #status: number;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #etag: string | undefined;
  readonly #updatedMs: number | undefined;
  readonly #compressible: boolean;
  readonly #bodies: Record<Coding, Buffer | undefined>;

  constructor({ status = 200, type, body, headers, updatedAt }: Answer) {
    const identity = typeof body === 'string' ? Buffer.from(body, 'utf8') : body;
    this.#status = status;
    this.#bodies = { identity, gzip: undefined, br: undefined };
    this.#compressible = typeof body === 'string' && identity.length >= SHORTEST_TO_COMPRESS;
    this.#etag =
      status === 200 ? `W/"${createHash('sha1').update(identity).digest('base64url')}"` : undefined;
    this.#updatedMs = updatedAt === undefined ? undefined : Date.parse(updatedAt);
    this.#headers = {
      'content-type': type,
      'x-content-type-options': 'nosniff',
      ...(this.#etag !== undefined && { etag: this.#etag }),
      ...(this.#updatedMs !== undefined && { 'last-modified': new Date(this.#updatedMs).toUTCString() }),
      ...(this.#compressible && { vary: 'Accept-Encoding' }),
      ...headers,
    };
  }

  /** The reply to a request with these headers: in the best coding it accepts, or 304 if it has the same already. */
  replyTo(request: IncomingHttpHeaders): Reply {
    if (this.#isKnown(request)) return { status: 304, headers: { ...this.#headers }, body: undefined };
    if (this.#status === 204 || this.#status === 304)
      return { status: this.#status, headers: { ...this.#headers }, body: undefined };
    const coding = this.#compressible ? bestCoding(request['accept-encoding']) : 'identity';
    const body = this.#body(coding);
    const headers: OutgoingHttpHeaders = { ...this.#headers, 'content-length': body.length };
    if (coding !== 'identity') headers['content-encoding'] = coding;
    return { status: this.#status, headers, body };
  }

  /** RFC 9110, section 13.2.2: If-None-Match goes before If-Modified-Since; tags are compared weakly. */
  #isKnown(request: IncomingHttpHeaders): boolean {
    if (this.#etag === undefined) return false;
    const tags = request['if-none-match'];
    if (tags !== undefined) {
      const bare = this.#etag.slice(2);
      return tags.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === bare);
    }
    const since = request['if-modified-since'];
    if (since === undefined || this.#updatedMs === undefined) return false;
    return Math.floor(this.#updatedMs / 1000) * 1000 <= Date.parse(since);
  }

  #body(coding: Coding): Buffer {
    const made = this.#bodies[coding];
    if (made !== undefined) return made;
    const plain = this.#bodies.identity ?? Buffer.alloc(0);
    const compressed = coding === 'br' ? brotliCompressSync(plain, BROTLI) : gzipSync(plain);
    this.#bodies[coding] = compressed;
    return compressed;
  }
}

/** RFC 9110, section 12.5.3, as far as a choice among three goes: a weight of 0 forbids, others are alike. */
function bestCoding(accepted: string | undefined): Coding {
  const allowed = new Set<string>();
  for (const part of accepted?.split(',') ?? []) {
    const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    if (!parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter))) allowed.add(name);
  }
  return allowed.has('br') ? 'br' : allowed.has('gzip') || allowed.has('*') ? 'gzip' : 'identity';
}
