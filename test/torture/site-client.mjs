// Starts the 2,000-page site in a process of its own and asks it what was fetched.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { onExit } from './cleanup.mjs';

const OWN_SITE = fileURLToPath(new URL('site.mjs', import.meta.url));
const HOSTILE_DIR =
  process.env.HOSTILE_DIR ?? fileURLToPath(new URL('../../../shared/hostile', import.meta.url));
const START_LIMIT_MS = 10_000;
const POLL_MS = 3;
/** The hostile server listens on five ports in a row. */
const PORTS = 5;

/** The hostile web server where there is one, else the own site. */
export const SITE_PROGRAM = existsSync(`${HOSTILE_DIR}/server.mjs`) ? `${HOSTILE_DIR}/server.mjs` : OWN_SITE;

/** Starts a site on free ports of loopback. */
export async function startSite(program = SITE_PROGRAM) {
  const port = await freePorts();
  const child = spawn(process.execPath, [program, String(port)], { stdio: ['ignore', 'ignore', 'inherit'] });
  const close = onExit(() => child.kill('SIGKILL'));
  const site = new SiteClient(`http://127.0.0.1:${port}`, close);
  for (const deadline = Date.now() + START_LIMIT_MS; ; await wait(30)) {
    if (await site.counts().catch(() => undefined)) return site;
    if (Date.now() > deadline) throw new Error(`${program} did not answer on port ${port}`);
  }
}

/** Counts of one site. */
export class SiteClient {
  #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  #close;

  constructor(url, close) {
    this.url = url;
    this.#close = close;
  }

  /** `{ pages, fetches }` since the last reset. */
  counts() {
    return this.#ask('/__site');
  }

  async reset() {
    await this.#ask('/__site?reset');
  }

  /** Waits until the counts are as wanted; false when `isOver` says so first. */
  async reaches(isThere, isOver) {
    while (!isOver()) {
      if (isThere(await this.counts())) return true;
      await wait(POLL_MS);
    }
    return false;
  }

  close() {
    this.#agent.destroy();
    this.#close();
  }

  #ask(path) {
    return new Promise((resolve, reject) => {
      get(`${this.url}${path}`, { agent: this.#agent }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (piece) => {
          text += piece;
        });
        response.on('end', () => (response.statusCode === 200 ? resolve(JSON.parse(text)) : reject(text)));
        response.on('error', reject);
      }).on('error', reject);
    });
  }
}

/** The first of so many ports in a row that are free on loopback. */
async function freePorts() {
  for (let attempt = 0; attempt < 50; attempt++) {
    const first = 20_000 + Math.floor(Math.random() * 30_000);
    const free = await Promise.all(Array.from({ length: PORTS }, (_, at) => isFree(first + at)));
    if (free.every(Boolean)) return first;
  }
  throw new Error('no free ports');
}

function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
