import { describe, expect, it } from 'vitest';
import { inspectResponse } from '../../../src/testing/inspect-response.ts';
import { Response } from '../../../src/values/response.ts';

const page = (path: string) => new Response(`https://site.test/${path}`, { body: `<h1>${path}</h1>` });
const terminal = (prompt: (names: Readonly<Record<string, PropertyDescriptor>>) => Promise<void>) => ({
  isInteractive: true,
  say: () => {},
  prompt,
});

describe('inspectResponse', () => {
  it('gives the prompt the page and the spider', async () => {
    const spider = { name: 'shop', fetch: async (url: unknown) => page(String(url)) };
    let seen: Readonly<Record<string, PropertyDescriptor>> = {};
    await inspectResponse(
      page('a'),
      spider,
      terminal(async (names) => {
        seen = names;
      }),
    );
    expect(seen.css?.value('h1::text').get()).toBe('a');
    expect((await seen.fetch?.value('b'))?.url).toBe('https://site.test/b');
    expect(seen.spider?.value).toBe(spider);
  });

  it('opens one prompt at a time, also behind one that failed', async () => {
    const opened: string[] = [];
    let leave = () => {};
    const first = inspectResponse(
      page('a'),
      undefined,
      terminal(() => {
        opened.push('a');
        return new Promise((_resolve, reject) => {
          leave = () => reject(new Error('gone'));
        });
      }),
    );
    const second = inspectResponse(
      page('b'),
      undefined,
      terminal(async () => {
        opened.push('b');
      }),
    );
    await Promise.resolve();
    expect(opened).toEqual(['a']);
    leave();
    await expect(first).rejects.toThrow('gone');
    await second;
    expect(opened).toEqual(['a', 'b']);
  });

  it('only says so where there is no terminal', async () => {
    const said: string[] = [];
    const prompt = () => Promise.reject(new Error('opened'));
    await inspectResponse(page('a'), undefined, {
      isInteractive: false,
      say: (text) => void said.push(text),
      prompt,
    });
    expect(said.join()).toContain('no terminal');
  });
});
