import { type REPLServer, start } from 'node:repl';
import { type InspectOptions, inspect } from 'node:util';
import { isResponse } from '../values/response.ts';

/**
 * A prompt in which code is tried on a page; resolves when it is left.
 *
 * @param names what code sees besides JavaScript's own, read anew each time.
 * @param history file of earlier lines. @defaultValue none
 */
export async function openPrompt(
  names: Readonly<Record<string, PropertyDescriptor>>,
  history?: string,
): Promise<void> {
  const server = start({
    prompt: '> ',
    useGlobal: false,
    breakEvalOnSigint: false,
    writer: (value) => shown(value, { colors: server.useColors }),
  });
  for (const [name, descriptor] of Object.entries(names)) {
    Object.defineProperty(server.context, name, { ...descriptor, enumerable: true, configurable: true });
  }
  awaitResults(server);
  if (history !== undefined) server.setupHistory(history, () => {});
  await new Promise<void>((resolve) => server.once('exit', () => resolve()));
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
