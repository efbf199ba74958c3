import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';

/**
 * The lines of a pipe as a stream in which the next line comes when what the one before began is done: a prompt
 * would take them all at once.
 *
 * @param idle resolves when nothing is pending.
 */
export function oneByOne(source: NodeJS.ReadableStream, idle: () => Promise<void>): Readable {
  return Readable.from(gated(source, idle));
}

async function* gated(source: NodeJS.ReadableStream, idle: () => Promise<void>): AsyncGenerator<string> {
  for await (const line of createInterface({ input: source })) {
    yield `${line}\n`;
    // A stream asks for more before it has handed out what it has.
    await turn();
    await idle();
  }
}
