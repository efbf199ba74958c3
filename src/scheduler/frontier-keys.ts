import { NUMBER_DIGITS, numberKey } from '../values/number-key.ts';

/** Prefixes of a frontier's records. */
export const FRONTIER_KEYS = {
  queued: 'q',
  delayed: 'd',
  dead: 'x',
  blocked: 'h',
  fingerprints: 'f',
  state: 'sfrontier',
  image: 'simage',
  leases: 'sleases',
} as const;

/** So many dropped requests are worth compacting: the next opening would go over them. */
export const DROPPED_FOR_COMPACTION = 100_000;

/** What ends the host in a key, what escapes it, and halves of characters, which UTF-8 cannot hold. */
const UNFIT = /[\0%\ud800-\udfff]/;

const view = new DataView(new ArrayBuffer(8));

/** Beginning of the keys of one host's queue. */
export function hostPrefix(host: string): string {
  return `${FRONTIER_KEYS.queued}${UNFIT.test(host) ? escapedHost(host) : host}\0`;
}

/** Beginning of the keys of one priority of a host: higher priorities sort first. */
export function levelPrefix(host: string, priority: number): string {
  // Most requests have the priority of the one before.
  if (priority !== lastPriority) {
    lastPriority = priority;
    lastText = priorityText(priority);
  }
  return hostPrefix(host) + lastText;
}

let lastPriority = 0;
let lastText = priorityText(0);

function priorityText(priority: number): string {
  // Minus zero becomes zero. The bits of a double sort as the number does once the sign is turned over, and all of them for negative ones.
  view.setFloat64(0, priority + 0);
  const high = view.getUint32(0);
  const low = view.getUint32(4);
  const isNegative = high >>> 31 === 1;
  const first = isNegative ? high : ~(high | 0x8000_0000);
  const second = isNegative ? low : ~low;
  return hex(first >>> 0) + hex(second >>> 0);
}

/** The key of a queued request. */
export function queueKey(host: string, priority: number, sequence: number): string {
  return numberKey(levelPrefix(host, priority), sequence);
}

/** Host and priority of a queued request's key. */
export function readQueueKey(key: string): { readonly host: string; readonly priority: number } {
  const end = key.lastIndexOf('\0');
  const host = key.slice(FRONTIER_KEYS.queued.length, end);
  const high = Number.parseInt(key.slice(end + 1, end + 9), 16);
  const low = Number.parseInt(key.slice(end + 9, end + 17), 16);
  const isNegative = high >>> 31 === 1;
  view.setUint32(0, isNegative ? high : ~high & 0x7fff_ffff);
  view.setUint32(4, isNegative ? low : ~low);
  return { host: decodeURIComponent(host), priority: view.getFloat64(0) };
}

/** Sequence of a queued request's key. */
export function readSequence(key: string): number {
  return Number.parseInt(key.slice(-NUMBER_DIGITS), 16);
}

function hex(word: number): string {
  return word.toString(16).padStart(8, '0');
}

function escapedHost(host: string): string {
  return Buffer.from(host).toString().replaceAll(/[\0%]/g, encodeURIComponent);
}
