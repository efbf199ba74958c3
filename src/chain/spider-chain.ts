import type { Outcome } from '../contracts/outcome.ts';
import type { SpiderMiddleware } from '../contracts/spider-middleware.ts';
import type { Unit } from '../contracts/unit.ts';
import { type Drop, isDrop } from '../values/drop.ts';
import type { ItemRecord } from '../values/item.ts';
import type { Request } from '../values/request.ts';
import type { Response } from '../values/response.ts';
import { isPromise } from './is-promise.ts';

type Output = Request | ItemRecord;
type OutputHook = (output: Output) => Outcome<Output | Drop | readonly Output[]>;

const KEEP_GOING: readonly Output[] = Object.freeze([]);

/** The spider middlewares, compiled once. */
export class SpiderChain {
  readonly #middlewares: readonly SpiderMiddleware[];
  readonly #onInput: readonly NonNullable<SpiderMiddleware['processInput']>[];
  readonly #onOutput: readonly NonNullable<SpiderMiddleware['processOutput']>[];
  readonly #onStart: readonly OutputHook[];
  readonly #onException: readonly NonNullable<SpiderMiddleware['processException']>[];

  /** Nearest to the engine first. */
  constructor(middlewares: readonly SpiderMiddleware[]) {
    this.#middlewares = middlewares;
    const outwards = [...middlewares].reverse();
    this.#onInput = middlewares.flatMap((one) => one.processInput?.bind(one) ?? []);
    this.#onOutput = outwards.flatMap((one) => one.processOutput?.bind(one) ?? []);
    this.#onStart = outwards.flatMap((one) => one.processStart?.bind(one) ?? []);
    this.#onException = outwards.flatMap((one) => one.processException?.bind(one) ?? []);
  }

  /** How many middlewares there are. */
  get size(): number {
    return this.#middlewares.length;
  }

  /** Before the callback; a promise only where one waits. Throws what a hook throws. */
  input(response: Response, unit: Unit): Drop | undefined | Promise<Drop | undefined> {
    for (let at = 0; at < this.#onInput.length; at++) {
      const answer = this.#onInput[at]?.(response, unit);
      if (isPromise(answer))
        return this.#inputLater(answer as PromiseLike<Drop | undefined>, at, response, unit);
      if (isDrop(answer)) return answer;
    }
    return undefined;
  }

  /** What becomes of one output: itself, others, or a drop. */
  output(output: Output, unit: Unit): SpiderOutcome | Promise<SpiderOutcome> {
    if (this.#onOutput.length === 0) return output;
    return runOutput(this.#onOutput as readonly OutputHook[], 0, output, unit);
  }

  /** What becomes of one output of `start()`. */
  start(output: Output): SpiderOutcome | Promise<SpiderOutcome> {
    return this.#onStart.length === 0 ? output : runOutput(this.#onStart, 0, output, undefined);
  }

  /** What replaces the rest of a callback that threw; undefined: nobody took the error. */
  async exception(error: unknown, unit: Unit): Promise<readonly Output[] | undefined> {
    for (const hook of this.#onException) {
      const answer = await hook(error, unit);
      if (answer !== undefined) return answer;
    }
    return undefined;
  }

  async #inputLater(
    first: PromiseLike<Drop | undefined>,
    from: number,
    response: Response,
    unit: Unit,
  ): Promise<Drop | undefined> {
    let answer = await first;
    for (let at = from; !isDrop(answer); ) {
      at += 1;
      const hook = this.#onInput[at];
      if (hook === undefined) return undefined;
      answer = (await hook(response, unit)) ?? undefined;
    }
    return answer;
  }
}

/** One output after the middlewares. */
export type SpiderOutcome = Output | Drop | readonly Output[];

type AnyOutputHook = (output: Output, unit?: Unit) => Outcome<Output | Drop | readonly Output[]>;

function runOutput(
  hooks: readonly AnyOutputHook[],
  from: number,
  given: Output,
  unit: Unit | undefined,
): SpiderOutcome | Promise<SpiderOutcome> {
  let output = given;
  for (let at = from; at < hooks.length; at++) {
    const answer = unit === undefined ? hooks[at]?.(output) : hooks[at]?.(output, unit);
    if (isPromise(answer)) {
      return Promise.resolve(answer).then((late) => continueWith(hooks, at, late ?? undefined, output, unit));
    }
    if (answer === undefined) continue;
    if (isDrop(answer) || Array.isArray(answer)) return continueWith(hooks, at, answer, output, unit);
    output = answer as Output;
  }
  return output;
}

function continueWith(
  hooks: readonly AnyOutputHook[],
  at: number,
  answer: Output | Drop | readonly Output[] | undefined,
  before: Output,
  unit: Unit | undefined,
): SpiderOutcome | Promise<SpiderOutcome> {
  if (answer === undefined) return runOutput(hooks, at + 1, before, unit);
  if (isDrop(answer)) return answer;
  if (!Array.isArray(answer)) return runOutput(hooks, at + 1, answer as Output, unit);
  return Promise.all(answer.map((one: Output) => runOutput(hooks, at + 1, one, unit))).then((all) =>
    all.flatMap((one) => (isDrop(one) ? KEEP_GOING : (one as Output | readonly Output[]))),
  );
}
