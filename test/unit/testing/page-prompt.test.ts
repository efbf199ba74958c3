import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openPrompt } from '../../../src/testing/page-prompt.ts';

/** What a prompt prints for the lines of a pipe. */
async function piped(lines: string, names: Record<string, unknown> = {}): Promise<string> {
  const output = new PassThrough();
  const descriptors = Object.fromEntries(Object.entries(names).map(([name, value]) => [name, { value }]));
  await openPrompt(descriptors, { input: Readable.from([Buffer.from(lines)]), output });
  output.end();
  return text(output);
}

describe('openPrompt', () => {
  it('evaluates the lines of a pipe one after the other', async () => {
    let page = 'first';
    const fetch = async () => {
      await sleep(20);
      page = 'second';
    };
    const printed = await piped('await fetch()\nread()\nfetch(); 1\n', { fetch, read: () => page });
    expect(printed).toBe("'second'\n1\n");
  });

  it('waits for what is pending before it ends, also by .exit', async () => {
    const slow = () => sleep(20, 'done');
    expect(await piped('slow()', { slow })).toBe("'done'\n");
    expect(await piped('await slow()\n.exit\nslow()\n', { slow })).toBe("'done'\n");
  });

  it('goes on behind a line that failed, and reads code of several lines', async () => {
    const printed = await piped('nothing.here\n[1, 2].map((one) => {\nreturn one + 1\n})\n');
    expect(printed).toContain('nothing is not defined');
    expect(printed).toContain('[ 2, 3 ]');
  });
});
