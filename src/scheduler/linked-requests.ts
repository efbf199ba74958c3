import type { QueuedRequest } from './queued-request.ts';

/** Requests in the order they go, each with a reference to the next: arrays have room that millions of hosts pay for. */
export interface LinkedRequests {
  head: QueuedRequest | undefined;
  tail: QueuedRequest | undefined;
}

/** Puts a request before all others. */
export function prepend(list: LinkedRequests, entry: QueuedRequest): void {
  entry.next = list.head;
  list.head = entry;
  list.tail ??= entry;
}

/** Puts a request behind all others. */
export function append(list: LinkedRequests, entry: QueuedRequest): void {
  entry.next = undefined;
  if (list.tail === undefined) list.head = entry;
  else list.tail.next = entry;
  list.tail = entry;
}

/** Takes the first request. */
export function shift(list: LinkedRequests): QueuedRequest | undefined {
  const entry = list.head;
  if (entry === undefined) return undefined;
  list.head = entry.next;
  if (list.head === undefined) list.tail = undefined;
  entry.next = undefined;
  return entry;
}

/** Takes all requests. */
export function shiftAll(list: LinkedRequests): QueuedRequest[] {
  const entries: QueuedRequest[] = [];
  for (let entry = shift(list); entry !== undefined; entry = shift(list)) entries.push(entry);
  return entries;
}

/** Every request; the list may not change meanwhile. */
export function* linked({ head }: Readonly<LinkedRequests>): Iterable<QueuedRequest> {
  for (let entry = head; entry !== undefined; entry = entry.next) yield entry;
}
