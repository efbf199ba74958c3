import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { crc32, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MemoryLogger } from '../../../src/logging/memory-logger.ts';
import { openSeeds, SEED_SPOOL } from '../../../src/seeds/open-seeds.ts';
import type { SeedReader } from '../../../src/seeds/seed-reader.ts';
import { MemoryStats } from '../../../src/stats/memory-stats.ts';
import { temporaryFolder } from '../feed/temporary-folder.ts';

/** Runs over one source that share what a job keeps. */
class Runs {
  readonly folder: string = temporaryFolder();
  readonly logger = new MemoryLogger();
  readonly stats = new MemoryStats();
  state: Record<string, unknown> = {};
  name = 'seeds.txt';

  get path(): string {
    return join(this.folder, this.name);
  }

  async open(
    input?: string | Readable,
    source: string = input === undefined ? this.path : '-',
  ): Promise<SeedReader> {
    return openSeeds({
      source,
      input: () =>
        typeof input === 'string' ? Readable.from([Buffer.from(input)]) : (input ?? Readable.from([])),
      job: { folder: this.folder, syncWith: () => {} },
      state: this.state,
      stats: this.stats,
      logger: this.logger,
      hasCallback: (name) => name === 'parse',
    });
  }

  /** Takes so many seeds, commits, and forgets everything but the state as a job stores it. */
  async take(most = Number.POSITIVE_INFINITY, input?: string | Readable): Promise<string[]> {
    const reader = await this.open(input);
    const urls: string[] = [];
    while (urls.length < most) {
      const { done, value } = await reader.next();
      if (done === true) break;
      urls.push(value.url);
    }
    reader.commit();
    reader.close();
    this.state = JSON.parse(JSON.stringify(this.state));
    return urls;
  }
}

/** Runs over a file. */
function file(content: string | Uint8Array, name = 'seeds.txt'): Runs {
  const runs = new Runs();
  runs.name = name;
  writeFileSync(runs.path, content);
  return runs;
}

const A = 'http://site.test/a';
const B = 'http://site.test/b';
const C = 'http://site.test/c';
const D = 'http://site.test/d';

describe('SeedReader', () => {
  it('reads one URL a line, without blank lines, comments, order mark and carriage returns', async () => {
    expect(await file(`\uFEFF${A}\r\n\r\n# no\n  ${B} \n${C}`).take()).toEqual([A, B, C]);
  });

  it('reads requests as JSON', async () => {
    const line = {
      url: A,
      method: 'POST',
      body: 'x',
      meta: { k: 1 },
      cbKwargs: { n: 2 },
      priority: 3,
      callback: 'parse',
    };
    const reader = await file(`${JSON.stringify(line)}\n`, 'seeds.jsonl').open();
    const { value } = await reader.next();
    expect(value).toMatchObject({
      url: A,
      method: 'POST',
      priority: 3,
      cbKwargs: { n: 2 },
      callback: 'parse',
    });
  });

  it.each([
    ['site.test', 'not an absolute URL'],
    ['{"url": 1}', 'url must be a text'],
    ['{"url": "http://a.test/", "priority": "high"}', 'priority must be a number'],
    ['{"url": "http://a.test/", "callback": "gone"}', 'no callback "gone"'],
    ['{"url": "http://a.test/", "uurl": 1}', 'unknown field "uurl"'],
    ['{"method": "GET"}', 'url is missing'],
    ['{"url": ', 'not valid JSON'],
    ['{"url": "http://a.test/", "method": "G T"}', 'not an HTTP method'],
    ['{"__proto__": {"url": "http://a.test/"}}', 'unknown field'],
  ])('leaves %s out, with its place and reason', async (line, reason) => {
    const runs = file(`${A}\n${line}\n${B}\n`);
    expect(await runs.take()).toEqual([A, B]);
    expect(runs.stats.get('seeds/invalid')).toBe(1);
    expect(JSON.stringify(runs.logger.records)).toContain(`${runs.path}:2 is left out`);
    expect(runs.logger.records.some(({ message }) => message.includes(reason))).toBe(true);
  });

  it('logs ten bad lines and counts all', async () => {
    const runs = file('bad\n'.repeat(500));
    await runs.take();
    expect(runs.logger.records.filter(({ level }) => level === 'warn')).toHaveLength(10);
    expect(runs.stats.get('seeds/invalid')).toBe(500);
  });

  it('leaves a line of more than a mebibyte out', async () => {
    const runs = file(`${A}\nhttp://site.test/${'x'.repeat(3 * 1024 * 1024)}\n${B}\n`);
    expect(await runs.take()).toEqual([A, B]);
    expect(runs.stats.get('seeds/invalid')).toBe(1);
  });

  it.each(['seeds.txt', 'seeds.txt.gz'])(
    'refuses %s in which a line far before the place was changed',
    async (name) => {
      const urls = Array.from({ length: 2000 }, (_, at) => `http://site.test/${String(at).padStart(8, '0')}`);
      const text = (lines: readonly string[]): string | Buffer =>
        name.endsWith('.gz') ? gzipSync(`${lines.join('\n')}\n`) : `${lines.join('\n')}\n`;
      const runs = file(text(urls), name);
      expect(await runs.take(1500)).toEqual(urls.slice(0, 1500));
      writeFileSync(runs.path, text(urls.with(4, 'http://site.test/xxxxxxxx')));
      await expect(runs.take()).rejects.toThrow('other bytes stand there now');
      writeFileSync(runs.path, text([...urls, A]));
      expect(await runs.take()).toEqual([...urls.slice(1499), A]);
    },
  );

  it('goes on at a place that was kept with a mark of fewer bytes', async () => {
    const runs = file(`${A}\n${B}\n${C}\n`);
    await runs.take(3);
    const known = Buffer.from(`${B}\n`);
    expect(runs.state.checkBytes).toBe(2 * known.length);
    runs.state = { ...runs.state, checkBytes: known.length, check: crc32(known) };
    expect(await runs.take()).toEqual([C]);
  });

  it.each(['seeds.txt', 'seeds.txt.gz'])('goes on in %s behind what was done with', async (name) => {
    const text = [A, '# no', 'bad', B, C, D].join('\n');
    const runs = file(name.endsWith('.gz') ? gzipSync(text) : text, name);
    // The seed that was given last may not have led to all it leads to: it comes again.
    expect([await runs.take(2), await runs.take(2), await runs.take()]).toEqual([
      [A, B],
      [B, C],
      [C, D],
    ]);
    expect(runs.stats.get('seeds/read')).toBe(4);
    expect(runs.stats.get('seeds/invalid')).toBe(1);
    expect(await runs.take()).toEqual([]);
  });

  it('says when another file stands where the read one was', async () => {
    const runs = file(`${A}\n${B}\n${C}\n`);
    await runs.take(3);
    writeFileSync(runs.path, `${B}\n${A}\n${C}\n`);
    await expect(runs.take()).rejects.toThrow('only append to the seeds of a job');
    writeFileSync(runs.path, `${A}\n`);
    await expect(runs.take()).rejects.toThrow('shorter');
  });

  it('has new seeds when the file has grown', async () => {
    const runs = file(`${A}\n${B}\n`);
    await runs.take();
    expect(await (await runs.open()).hasNew()).toBe(false);
    appendFileSync(runs.path, `${C}\n`);
    expect(await (await runs.open()).hasNew()).toBe(true);
    expect(await runs.take()).toEqual([C]);
  });

  it.each([
    ['\n', []],
    [`\n${C}`, [C]],
    [`/more\n${C}`, [`${B}/more`, C]],
  ])('takes %j behind a last line without line feed', async (more, urls) => {
    const runs = file(`${A}\n${B}`);
    await runs.take();
    appendFileSync(runs.path, more);
    expect(await runs.take()).toEqual(urls);
  });

  it('keeps standard input with the job, and reads the next one behind it', async () => {
    const runs = new Runs();
    const first = new PassThrough();
    first.write(`${A}\n${B}\n${C}\nhttp://site.test/cu`);
    expect(await runs.take(2, first)).toEqual([A, B]);
    expect(await runs.take(9, `${D}`)).toEqual([B, C, D]);
    expect(await (await runs.open('')).hasNew()).toBe(false);
    expect(await (await runs.open(`${A}/more\n`)).hasNew()).toBe(true);
  });

  it('keeps standard input once that is given again from its beginning', async () => {
    const runs = new Runs();
    const given = `${A}\n${B}\n${C}\n${D}`;
    const killed = new PassThrough();
    killed.write(given.slice(0, -3));
    expect(await runs.take(2, killed)).toEqual([A, B]);
    expect(await runs.take(9, given)).toEqual([B, C, D]);
    expect(await (await runs.open(given)).hasNew()).toBe(false);
    expect(await (await runs.open(`${given}\n`)).hasNew()).toBe(false);
    expect(readFileSync(join(runs.folder, SEED_SPOOL), 'utf8')).toBe(`${given}\n`);
    expect(await runs.take(9, `${given}\n${D}/more`)).toEqual([`${D}/more`]);
  });

  it.each([
    [`${A}\n${B}`, ''],
    [`${A}\n${B}\n`, ''],
    [`${A}\n${B}/more\n${C}`, `${B}/more\n${C}\n`],
    [`${A}\nhttp://site.test`, 'http://site.test\n'],
    [`${A}\nhttp://site.test\n${B}\n`, `http://site.test\n${B}\n`],
    [`\n${A}\n`, `\n${A}\n`],
    [`${A}\n${B}\n${C}\n${A}\n`, `${A}\n`],
  ])('keeps of %j what comes from the first other line on', async (given, more) => {
    for (const chunk of [1, 2, 7, 20, 1000]) {
      const runs = new Runs();
      const first = `${A}\n${B}\n${C}\n`;
      await runs.take(9, first);
      const chunks = given.match(new RegExp(`[^]{1,${chunk}}`, 'g')) ?? [];
      await runs.take(9, Readable.from(chunks.map((text) => Buffer.from(text))));
      expect(readFileSync(join(runs.folder, SEED_SPOOL), 'utf8')).toBe(first + more);
    }
  });

  it('believes what it has kept of standard input only as it was written', async () => {
    const runs = new Runs();
    const given = `${A}\n${B}\n${C}\n`;
    const first = new PassThrough();
    first.write(`${given}http://site.test/cu`);
    expect(await runs.take(1, first)).toEqual([A]);
    const spool = join(runs.folder, SEED_SPOOL);
    const whole = readFileSync(spool);
    const { state } = runs;
    const resumed = async (bytes: Buffer): Promise<string[]> => {
      writeFileSync(spool, bytes);
      runs.state = structuredClone(state);
      return runs.take(9, D);
    };
    for (let at = 0; at < given.length; at++) {
      const flipped = Buffer.from(whole);
      flipped[at] = (flipped[at] ?? 0) ^ 4;
      await expect(resumed(flipped)).rejects.toThrow(/seeds\.spool.*restart-seeds/);
      await expect(resumed(whole.subarray(0, at))).rejects.toThrow(/seeds\.spool.*restart-seeds/);
    }
    for (let at = given.length; at < whole.length; at++) {
      expect(await resumed(whole.subarray(0, at))).toEqual([A, B, C, D]);
    }
    expect(await resumed(whole)).toEqual([A, B, C, D]);
    expect(await runs.take(9, `${A}/more\n`)).toEqual([`${A}/more`]);
  });

  it('ends a wait for standard input when it is closed', async () => {
    const reader = await new Runs().open(new PassThrough());
    const waiting = reader.next();
    setImmediate(() => reader.close());
    expect(await waiting).toEqual({ done: true, value: undefined });
  });

  it('says that a file is missing, a folder, or not packed', async () => {
    const runs = new Runs();
    await expect(runs.take()).rejects.toThrow('cannot be read');
    await expect(runs.open(undefined, runs.folder)).rejects.toThrow('is a folder');
    await expect(file(`${A}\n`, 'seeds.gz').take()).rejects.toThrow('cannot be read');
  });
});
