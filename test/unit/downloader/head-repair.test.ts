import { expect, it } from 'vitest';
import { HeadRepair } from '../../../src/downloader/head-repair.ts';

const read = (...chunks: readonly string[]): string => {
  const repair = new HeadRepair(1_000);
  repair.expect();
  return chunks.map((chunk) => repair.push(Buffer.from(chunk, 'latin1'))?.toString('latin1') ?? '').join('');
};
const headers = (...lines: readonly string[]): string =>
  read(`HTTP/1.1 200 OK\r\n${lines.join('\r\n')}\r\n\r\nbody`).replace('HTTP/1.1 200 OK\r\n', '');

it('lets a sound head through as it is', () => {
  const chunk = Buffer.from('HTTP/1.1 200 OK\r\nA: \xe9 b\r\nContent-Length: 4\r\n\r\nbody', 'latin1');
  const repair = new HeadRepair(1_000);
  repair.expect();
  expect(repair.push(chunk)).toBe(chunk);
});

it.each([
  ['a line without a colon', ['JUNK', 'A: b'], 'A: b\r\n\r\nbody'],
  ['a name that is none', ['A b: c', ': d', 'E(f): g', 'H: i'], 'H: i\r\n\r\nbody'],
  ['a blank before the colon', ['A : b'], 'A: b\r\n\r\nbody'],
  ['folded lines', ['A: b', '  c', '\td', 'E: f'], 'A: b c d\r\nE: f\r\n\r\nbody'],
  ['a fold behind junk', ['JUNK', '  c', 'E: f'], 'E: f\r\n\r\nbody'],
  ['control characters', ['A: b\0c\x1bd'], 'A: b c d\r\n\r\nbody'],
  ['equal lengths', ['Content-Length: 4', 'content-length: 4'], 'Content-Length: 4\r\n\r\nbody'],
  ['a list of equal lengths', ['Content-Length: 4, 4'], 'Content-Length: 4\r\n\r\nbody'],
  ['an empty length', ['Content-Length:'], '\r\nbody'],
  [
    'a length beside chunked',
    ['Content-Length: 9', 'Transfer-Encoding: chunked'],
    'Transfer-Encoding: chunked\r\n\r\nbody',
  ],
  [
    'identity beside a length',
    ['Transfer-Encoding: identity', 'Content-Length: 4'],
    'Content-Length: 4\r\n\r\nbody',
  ],
])('mends %s', (_, lines, wanted) => {
  expect(headers(...lines)).toBe(wanted);
});

it('leaves lengths that differ for the parser to refuse', () => {
  expect(headers('Content-Length: 4', 'Content-Length: 5')).toBe(
    'Content-Length: 4\r\nContent-Length: 5\r\n\r\nbody',
  );
});

it('reads lines that end in LF alone', () => {
  expect(read('HTTP/1.1 200 OK\nA: b\n\nbody')).toBe('HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody');
});

it.each([204, 304])('takes the length off a %i, which has no body', (status) => {
  expect(read(`HTTP/1.1 ${status} X\r\nContent-Length: 9\r\n\r\n`)).toBe(`HTTP/1.1 ${status} X\r\n\r\n`);
});

it('swallows interim answers, but not a change of protocol', () => {
  const final = 'HTTP/1.1 200 OK\r\n\r\n';
  expect(read(`HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: x\r\n\r\n${final}`)).toBe(final);
  expect(read('HTTP/1.1 101 Switching\r\n\r\n')).toBe('HTTP/1.1 101 Switching\r\n\r\n');
});

it('ends on interim answers without end', () => {
  expect(() => read('HTTP/1.1 100 Continue\r\n\r\n'.repeat(30))).toThrow('interim');
});

it('puts a head together that comes byte by byte', () => {
  const all = '\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nJUNK\r\nA: b\r\n\r\nbody';
  expect(read(...all)).toBe('HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody');
});

it('lets what is no HTTP through at once', () => {
  expect(read('SSH', '-2.0')).toBe('SSH-2.0');
});

it('touches nothing but the head', () => {
  expect(read('HTTP/1.1 200 OK\r\n\r\n', 'HTTP/1.1 200 OK\r\nJUNK\r\n\r\n')).toBe(
    'HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\nJUNK\r\n\r\n',
  );
});

it('refuses a head above the limit, whole or not', () => {
  const long = `HTTP/1.1 200 OK\r\nA: ${'a'.repeat(1_000)}`;
  expect(() => read(long)).toThrow('too large');
  expect(() => read(`${long}\r\n\r\n`)).toThrow('too large');
});
