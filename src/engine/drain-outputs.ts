import { setImmediate } from 'node:timers/promises';
import { isPromise } from '../chain/is-promise.ts';
import { isDrop } from '../values/drop.ts';
import { isRequest } from '../values/request.ts';

/** Takes what a callback gives, one by one. */
export interface OutputSink {
  /** Takes one output; a promise while it cannot take more. Throws on what is neither request nor item. */
  accept(output: unknown): void | Promise<void>;
  /** Told before each wait for an async generator. */
  beforeWait?(): void | Promise<void>;
  /** Told where a generator returned a value besides what it yielded, and no drop: it is lost. */
  returned?(): void;
  /** Nothing more is wanted: generators are closed. */
  readonly isClosed: boolean;
}

const LONGEST_TURN_MS = 15;
const OUTPUTS_BETWEEN_LOOKS = 64;

/**
 * Pulls everything that a callback returned: nothing, one output, a list or generator, plain or async, or a
 * promise of one of these. A generator is pulled only as fast as its outputs are taken, and ends where it is
 * when an output was the last one wanted; what is wrong with an output is thrown where it was yielded.
 */
export async function drainOutputs(given: unknown, sink: OutputSink): Promise<void> {
  const result = isPromise(given) ? await given : given;
  if (result === undefined || result === null) return;
  if (typeof result === 'object' && !isRequest(result)) {
    if (Symbol.asyncIterator in result) {
      return drainAsync((result as AsyncIterable<unknown>)[Symbol.asyncIterator](), sink);
    }
    if (Symbol.iterator in result) {
      return drainSync((result as Iterable<unknown>)[Symbol.iterator](), sink);
    }
  }
  await sink.accept(result);
}

async function drainSync(iterator: Iterator<unknown>, sink: OutputSink): Promise<void> {
  let step = iterator.next();
  let turnEndsMs = performance.now() + LONGEST_TURN_MS;
  for (let count = 1; step.done !== true; count++) {
    if (sink.isClosed) {
      iterator.return?.();
      return;
    }
    let fault: { readonly error: unknown } | undefined;
    try {
      const waits = sink.accept(step.value);
      if (isPromise(waits)) await waits;
    } catch (error) {
      fault = { error };
    }
    if (fault === undefined && sink.isClosed) {
      iterator.return?.();
      return;
    }
    if (count % OUTPUTS_BETWEEN_LOOKS === 0 && performance.now() > turnEndsMs) {
      await setImmediate();
      turnEndsMs = performance.now() + LONGEST_TURN_MS;
    }
    if (fault === undefined) step = iterator.next();
    else if (iterator.throw === undefined) throw fault.error;
    else step = iterator.throw(fault.error);
  }
  await takeReturned(step, sink);
}

async function drainAsync(iterator: AsyncIterator<unknown>, sink: OutputSink): Promise<void> {
  let step = await iterator.next();
  while (step.done !== true) {
    if (sink.isClosed) {
      await iterator.return?.();
      return;
    }
    let fault: { readonly error: unknown } | undefined;
    try {
      const waits = sink.accept(step.value);
      if (isPromise(waits)) await waits;
    } catch (error) {
      fault = { error };
    }
    if (fault === undefined && sink.isClosed) {
      await iterator.return?.();
      return;
    }
    await sink.beforeWait?.();
    if (fault === undefined) step = await iterator.next();
    else if (iterator.throw === undefined) throw fault.error;
    else step = await iterator.throw(fault.error);
  }
  await takeReturned(step, sink);
}

/** `return drop('no price')` reads like one of a plain callback; any other value is lost. */
async function takeReturned({ value }: IteratorResult<unknown>, sink: OutputSink): Promise<void> {
  if (isDrop(value)) await sink.accept(value);
  else if (value !== undefined && value !== null) sink.returned?.();
}
