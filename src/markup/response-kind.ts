/** What a response holds. */
export type ResponseKind = 'html' | 'xml' | 'json' | 'text' | 'binary';

/** What is known of a response when its kind is to be told. */
export interface ResponseKindInput {
  readonly url?: string | undefined;
  /** Headers of the body as it is given: `content-encoding` only while it is still packed. */
  readonly headers?: { get(name: string): string | null | undefined } | undefined;
  readonly body?: Uint8Array | undefined;
}

const BY_TYPE: ReadonlyMap<string, ResponseKind> = new Map([
  ['text/html', 'html'],
  ['application/xhtml+xml', 'html'],
  ['application/vnd.wap.xhtml+xml', 'html'],
  ['text/xml', 'xml'],
  ['application/xml', 'xml'],
  ['application/atom+xml', 'xml'],
  ['application/rdf+xml', 'xml'],
  ['application/rss+xml', 'xml'],
  ['application/json', 'json'],
  ['application/x-json', 'json'],
  ['application/json-amazonui-streaming', 'json'],
  ['application/javascript', 'text'],
  ['application/x-javascript', 'text'],
]);

const BY_EXTENSION: ReadonlyMap<string, ResponseKind> = new Map(
  (
    [
      ['html', 'html htm xhtml xht shtml'],
      ['xml', 'xml xsl xslt xsd rdf rss atom wsdl xpdl'],
      ['json', 'json'],
      ['text', 'txt text log csv tsv css js mjs md vcf ics c h py pl ksh bat etx rtx sgm sgml n3 srt vtt'],
    ] as const
  ).flatMap(([kind, extensions]) =>
    extensions.split(' ').map((extension): [string, ResponseKind] => [extension, kind]),
  ),
);

// As Scrapy: a body is told by its beginning.
const SNIFFED_BYTES = 5000;

/**
 * The kind of a response: from its Content-Type, else from the file name in Content-Disposition, else from the
 * address, else from the first 5,000 bytes. What one of them calls binary is left to the next, as in Scrapy.
 */
export function responseKind({ url, headers, body }: ResponseKindInput): ResponseKind {
  return fromHeaders(headers) ?? fromAddress(url) ?? fromBody(body);
}

function fromHeaders(headers: ResponseKindInput['headers']): ResponseKind | undefined {
  const type = headers?.get('content-type');
  const isPacked = Boolean(headers?.get('content-encoding'));
  return (
    (isPacked ? undefined : fromType(type ?? '')) ?? fromName(fileName(headers?.get('content-disposition')))
  );
}

function fromType(contentType: string): ResponseKind | undefined {
  const type = beforeSemicolon(contentType).trim().toLowerCase();
  return BY_TYPE.get(type) ?? (type.startsWith('text/') ? 'text' : undefined);
}

function fileName(disposition: string | null | undefined): string {
  const match = /filename\s*=\s*("[^"]*"|'[^']*'|[^;]*)/i.exec(disposition?.slice(0, 2048) ?? '');
  return (match?.[1] ?? '').trim().replace(/^["']|["']$/g, '');
}

function fromAddress(url: string | undefined): ResponseKind | undefined {
  if (url === undefined) return undefined;
  return fromName(URL.canParse(url) ? new URL(url).pathname : url);
}

function fromName(name: string): ResponseKind | undefined {
  const last = name.slice(name.lastIndexOf('/') + 1);
  const dot = last.lastIndexOf('.');
  return dot <= 0 ? undefined : BY_EXTENSION.get(last.slice(dot + 1).toLowerCase());
}

function fromBody(body: Uint8Array | undefined): ResponseKind {
  if (body === undefined) return 'binary';
  const length = Math.min(body.length, SNIFFED_BYTES);
  const start = Buffer.from(body.buffer, body.byteOffset, length);
  if (start.some(isBinary)) return 'binary';
  const text = start.toString('latin1').toLowerCase();
  if (text.includes('<html>')) return 'html';
  if (text.includes('<?xml')) return 'xml';
  return text.includes('<!doctype html>') ? 'html' : 'text';
}

/** Control characters that no text has: NUL is let pass, tab, line feed and carriage return are text. */
function isBinary(byte: number): boolean {
  return byte < 32 && byte !== 0 && byte !== 9 && byte !== 10 && byte !== 13;
}

function beforeSemicolon(text: string): string {
  const end = text.indexOf(';');
  return end === -1 ? text : text.slice(0, end);
}
