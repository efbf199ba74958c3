import type { Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { BODIES, COOKIE, HEADERS, ROBOTS, SITEMAP, URLS } from '../fuzz/grammars.ts';
import { type Grammar, mutated, pick, type Random } from '../fuzz/mutate.ts';
import { answerOf, type RawServer, rawServer } from './raw-server.ts';
import { seeded } from './seeded.ts';

/** Pages at `/good/N` are whole; what is given for any other address is made by chance, the same for the same seed. */
export type FaultServer = RawServer;

const MOST_SLICES = 6;
const LONGEST_PAUSE_MS = 20;
/** A few answers are never ended, and end by a limit of the crawler. */
const LEFT_OPEN = 0.05;
const STATUSES = [
  '200 OK',
  '200',
  '206 Partial',
  '204 No',
  '304 Not',
  '404 Not Found',
  '503 Busy',
  '429 Slow',
  '999 Odd',
  '100 Continue',
];
const LINES = ['HTTP/1.1 ', 'HTTP/1.0 ', 'HTTP/2 ', 'HTTP/1.1  ', 'http/1.1 ', 'ICY ', ''];
const TYPES = [
  'text/html',
  'text/html; charset=utf-16',
  'application/xml',
  'application/json',
  'text/csv',
  'image/png',
  '',
];
const CODINGS: ReadonlyMap<string, (bytes: Buffer) => Buffer> = new Map([
  ['gzip', (bytes: Buffer) => gzipSync(bytes)],
  ['br', (bytes: Buffer) => brotliCompressSync(bytes, { params: {} })],
  ['deflate', (bytes: Buffer) => deflateSync(bytes)],
  ['odd', (bytes: Buffer) => bytes],
]);

/** Starts a server whose answers are wrong in ways that a seed chooses. */
export async function faultServer(seed: number): Promise<FaultServer> {
  return rawServer((socket, { target }) => {
    const good = /^\/good\/(\d+)$/.exec(target);
    if (good !== null) {
      socket.write(answerOf(`<title>good ${good[1]}</title>`));
      return;
    }
    // Every second server has rules that are as odd as the rest.
    if (target === '/robots.txt' && seed % 2 === 0) {
      socket.write(answerOf('', { status: '404 Not Found' }));
      return;
    }
    const random = seeded(seed * 8191 + hashOf(target));
    void send(socket, faultyAnswer(target, random), random);
  });
}

/** The bytes of an answer with any number of things wrong. */
export function faultyAnswer(target: string, random: Random): Buffer {
  const isOften = (part: number): boolean => random() < part;
  let body = mutated(grammarOf(target), random);
  const fields: string[] = [];
  const type = pick(random, TYPES);
  if (type !== '') fields.push(`Content-Type: ${type}`);
  if (isOften(0.3)) {
    const [name, code] = pick(random, [...CODINGS]);
    body = code(body);
    fields.push(`Content-Encoding: ${isOften(0.8) ? name : pick(random, [...CODINGS.keys()])}`);
  }
  if (isOften(0.2)) fields.push(`Set-Cookie: ${lineOf(COOKIE, random)}`);
  if (isOften(0.2))
    fields.push(
      `${pick(random, ['Cache-Control', 'Retry-After', 'Expires', 'Vary', 'Link', 'ETag'])}: ${lineOf(HEADERS, random)}`,
    );
  const isRedirect = isOften(0.15);
  if (isRedirect)
    fields.push(`Location: ${isOften(0.5) ? lineOf(URLS, random) : `/bad/${Math.floor(random() * 1000)}`}`);
  const status = isRedirect
    ? pick(random, ['301 Moved', '302 Found', '307 Temporary', '308 Permanent'])
    : pick(random, STATUSES);
  body = framed(body, fields, random);
  const line = `${isOften(0.85) ? 'HTTP/1.1 ' : pick(random, LINES)}${status}`;
  const lineEnd = isOften(0.9) ? '\r\n' : '\n';
  const head = Buffer.from(`${[line, ...fields].join(lineEnd)}${lineEnd}${lineEnd}`, 'latin1');
  const whole = Buffer.concat([head, body]);
  return isOften(0.3)
    ? mutated({ samples: [whole], words: ['\r\n', ':', 'Content-Length: 5\r\n', '0\r\n\r\n', '\0'] }, random)
    : whole;
}

/** Tells the length of a body in one of the ways that there are, or wrongly. */
function framed(body: Buffer, fields: string[], random: Random): Buffer {
  const way = random();
  if (way < 0.4) fields.push(`Content-Length: ${body.length}`);
  else if (way < 0.5)
    fields.push(
      `Content-Length: ${pick(random, [body.length + 7, Math.max(0, body.length - 7), -1, '1e3', '0x5', ''])}`,
    );
  else if (way < 0.8) {
    fields.push('Transfer-Encoding: chunked');
    const chunks: Buffer[] = [];
    for (let at = 0; at < body.length; ) {
      const size = 1 + Math.floor(random() * body.length);
      const chunk = body.subarray(at, at + size);
      const told = random() < 0.95 ? chunk.length : chunk.length + Math.floor(random() * 9) - 4;
      chunks.push(Buffer.from(`${Math.max(0, told).toString(16)}\r\n`), chunk, Buffer.from('\r\n'));
      at += size;
    }
    if (random() < 0.9) chunks.push(Buffer.from('0\r\n\r\n'));
    return Buffer.concat(chunks);
  }
  return body;
}

/** Sends in pieces, with pauses, and ends in one of the ways that a connection can. */
async function send(socket: Socket, bytes: Buffer, random: Random): Promise<void> {
  const slices = 1 + Math.floor(random() ** 2 * MOST_SLICES);
  const size = Math.ceil(bytes.length / slices);
  const end = random();
  for (let at = 0; at < bytes.length && !socket.destroyed; at += size) {
    if (at > 0) await setTimeout(random() * LONGEST_PAUSE_MS);
    socket.write(bytes.subarray(at, at + size));
  }
  if (end < 1 - LEFT_OPEN) {
    if (end < 0.1) socket.resetAndDestroy();
    else socket.end();
  }
}

function grammarOf(target: string): Grammar {
  if (target.startsWith('/robots.txt')) return ROBOTS;
  return target.startsWith('/sitemap') ? SITEMAP : BODIES;
}

/** On one line: what else it holds comes by changes of the whole answer. */
function lineOf(grammar: Grammar, random: Random): string {
  return mutated(grammar, random)
    .toString('latin1')
    .replaceAll(/[\r\n]/g, ' ')
    .slice(0, 5000);
}

function hashOf(text: string): number {
  let hash = 0;
  for (const character of text) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003;
  return hash;
}
