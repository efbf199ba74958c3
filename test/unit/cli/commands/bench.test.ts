import { describe, expect, it } from 'vitest';
import { LINKS_PER_PAGE, startBenchServer } from '../../../../src/cli/bench-server.ts';
import { runCommandLine } from '../../../../src/cli/main.ts';
import { fakeTerminal } from '../../../support/fake-terminal.ts';

describe('crawl bench', () => {
  it('says how many pages a minute it crawls, without and with reading them', async () => {
    const terminal = fakeTerminal(process.cwd());
    expect(await runCommandLine(['bench', '--time', '1'], terminal)).toBe(0);
    const speeds = [...terminal.out.matchAll(/([\d,]+) pages\/min/g)].map(([, text = '']) =>
      Number(text.replaceAll(',', '')),
    );
    expect(speeds).toHaveLength(2);
    for (const speed of speeds) expect(speed).toBeGreaterThan(0);
    expect(terminal.out).toMatch(/reading a page +\d+\.\d\d ms a page/);
  });

  it('refuses a time that is none', async () => {
    const terminal = fakeTerminal(process.cwd());
    expect(await runCommandLine(['bench', '--time', 'x'], terminal)).toBe(2);
  });

  it('has a site whose pages lead to others, none to itself', async () => {
    const server = await startBenchServer();
    const text = await (await fetch(`${server.url}7`)).text();
    await server.close();
    const links = [...text.matchAll(/href="\/(\d+)"/g)].map(([, number]) => Number(number));
    expect(links).toEqual(Array.from({ length: LINKS_PER_PAGE }, (_, at) => 7 * LINKS_PER_PAGE + at + 1));
  });
});
