import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../unit/feed/temporary-folder.ts';

const SCRIPT = fileURLToPath(new URL('../support/crawl-seeds.mjs', import.meta.url));
const SEEDS = 4000;
const MOST_MS = 60_000;

/** A site that logs in whoever asks first, and a job that crawls it. */
class Trial {
  readonly folder: string = temporaryFolder();
  readonly site: Server;
  child: ChildProcess | undefined;
  killAfter: number = Number.POSITIVE_INFINITY;
  asked = 0;
  /** Requests that came without the cookie of the first answer, by run. */
  strangers = 0;

  constructor() {
    this.site = createServer(({ url, headers }, response) => {
      if (url === '/robots.txt') return void response.writeHead(404).end();
      this.asked += 1;
      if (this.asked >= this.killAfter) this.child?.kill('SIGKILL');
      if (headers.cookie !== 'login=yes') this.strangers += 1;
      const cookie = this.asked === 1 ? { 'Set-Cookie': 'login=yes; Path=/; HttpOnly' } : {};
      response.writeHead(200, { 'Content-Type': 'text/html', ...cookie }).end('<p>page');
    });
    onTestFinished(() => {
      this.site.closeAllConnections();
      this.site.close();
    });
  }

  get seeds(): string {
    return join(this.folder, 'seeds.txt');
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.site.listen(0, '127.0.0.1', resolve));
  }

  urls(from: number, to: number): string[] {
    const { port } = this.site.address() as AddressInfo;
    return Array.from({ length: to - from }, (_, at) => `http://127.0.0.1:${port}/${from + at}`);
  }

  /** One run; what it said, or the signal that ended it. `input`: lines for standard input. */
  async run(killAfter: number = Number.POSITIVE_INFINITY, input?: readonly string[]): Promise<string> {
    this.killAfter = this.asked + killAfter;
    this.strangers = 0;
    const seeds = input === undefined ? this.seeds : '-';
    const job = { seeds, job: join(this.folder, 'job'), output: join(this.folder, 'out.jsonl') };
    const child = spawn(process.execPath, [SCRIPT, JSON.stringify(job)], { stdio: 'pipe', timeout: MOST_MS });
    this.child = child;
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
    child.stdin.on('error', () => {});
    child.stdin.end(input?.map((line) => `${line}\n`).join(''));
    const signal = await new Promise((resolve) => child.once('close', (_code, by) => resolve(by)));
    return signal === null ? said.trim() : String(signal);
  }

  get written(): string[] {
    const lines = readFileSync(join(this.folder, 'out.jsonl'), 'utf8').trimEnd().split('\n');
    return lines.map((line) => JSON.parse(line).url);
  }
}

describe('seeds after kill -9', () => {
  it(
    'are all crawled, each once, with the cookies and the state of the runs before',
    async () => {
      const trial = new Trial();
      await trial.listen();
      const urls = trial.urls(0, SEEDS);
      writeFileSync(trial.seeds, urls.join('\n'));
      expect(await trial.run(400)).toBe('SIGKILL');
      expect(await trial.run(1500)).toBe('SIGKILL');
      expect(trial.strangers).toBe(0);
      expect(await trial.run()).toBe(`{"pages":${SEEDS},"read":${SEEDS}}\nfinished`);
      expect(trial.strangers).toBe(0);
      expect(trial.written.toSorted()).toEqual(urls.toSorted());
      expect(await trial.run()).toBe('finished');

      const more = trial.urls(SEEDS, SEEDS + 3);
      appendFileSync(trial.seeds, `\n${more.join('\n')}\n`);
      const asked = trial.asked;
      expect(await trial.run()).toBe(`{"pages":${SEEDS + 3},"read":${SEEDS + 3}}\nfinished`);
      expect(trial.asked - asked).toBe(3);
      expect(trial.written.slice(-3).toSorted()).toEqual(more);
    },
    MOST_MS,
  );

  it(
    'of standard input are all crawled when the same command is given again',
    async () => {
      const trial = new Trial();
      await trial.listen();
      const urls = trial.urls(0, SEEDS);
      expect(await trial.run(700, urls)).toBe('SIGKILL');
      expect(await trial.run(undefined, urls)).toContain('finished');
      expect(trial.written.toSorted()).toEqual(urls.toSorted());
    },
    MOST_MS,
  );
});
