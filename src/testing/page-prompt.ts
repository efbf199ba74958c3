import { type REPLServer, start } from 'node:repl';
import { type InspectOptions, inspect } from 'node:util';
import { isResponse } from '../values/response.ts';
import { oneByOne } from './one-by-one.ts';

/** How a prompt is opened. */
export interface PromptOptions {
  /** File of earlier lines. @defaultValue none */
  readonly history?: string | undefined;
  /** @defaultValue `process.stdin` */
  readonly input?: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  /** @defaultValue `process.stdout` */
  readonly output?: NodeJS.WritableStream;
}

/**
 * A prompt in which code is tried on a page; resolves when it is left. Lines of a pipe are evaluated one after the
 * other, and their values are printed without prompts.
 *
 * @param names what code sees besides JavaScript's own, read anew each time.
 */
export async function openPrompt(
  names: Readonly<Record<string, PropertyDescriptor>>,
  { history, input = process.stdin, output = process.stdout }: PromptOptions = {},
): Promise<void> {
  const isTyped = input.isTTY === true;
  const lines = isTyped ? input : oneByOne(input, () => idle());
  const server = start({
    input: lines,
    output,
    prompt: isTyped ? '> ' : '',
    ignoreUndefined: !isTyped,
    useGlobal: false,
    breakEvalOnSigint: false,
    writer: (value) => shown(value, { colors: server.useColors }),
  });
  for (const [name, descriptor] of Object.entries(names)) {
    Object.defineProperty(server.context, name, { ...descriptor, enumerable: true, configurable: true });
  }
  awaitResults(server);
  const idle = whenPrompted(server);
  if (history !== undefined) server.setupHistory(history, () => {});
  await new Promise<void>((resolve) => server.once('exit', () => resolve()));
  if (lines !== input) input.pause();
}

/** A value as the prompt shows it. A page is one line: its headers and body are there for who asks. */
export function shown(value: unknown, options: InspectOptions): string {
  if (!isResponse(value)) return inspect(value, options);
  const { status, url, kind, body } = value;
  return `Response ${status} ${url} (${kind}, ${body.byteLength.toLocaleString('en')} bytes)`;
}

/** `fetch(url)` shows its page, not a promise of it. */
function awaitResults(server: REPLServer): void {
  const plain = server.eval;
  const awaiting: typeof plain = (code, context, file, done) =>
    plain.call(server, code, context, file, (fault, value) => {
      if (fault !== null) done(fault, value);
      else
        Promise.resolve(value).then(
          (result) => done(null, result),
          (problem) => done(problem, undefined),
        );
    });
  Object.defineProperty(server, 'eval', { value: awaiting });
}

/** Waits for the code that runs. Code that throws calls nothing back; a prompt comes behind it, too. */
function whenPrompted(server: REPLServer): () => Promise<void> {
  const { eval: plain, displayPrompt } = server;
  let prompted = Promise.resolve();
  let release = (): void => {};
  const evaluate: typeof plain = (code, context, file, done) => {
    prompted = new Promise((resolve) => {
      release = resolve;
    });
    plain.call(server, code, context, file, done);
  };
  Object.defineProperty(server, 'eval', { value: evaluate });
  server.displayPrompt = (preserveCursor) => {
    displayPrompt.call(server, preserveCursor);
    release();
  };
  return () => prompted;
}
