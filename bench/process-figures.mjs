// What a process says of itself: memory, CPU, and how long its turns are. Shared by the benches.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Memory of this or another process that belongs to no file, in MB. */
export function rssAnonMb(pid = 'self') {
  const line = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return line === null ? Number.NaN : Number(line[1]) / 1024;
}

/** CPU time of all threads of this process, user and system, in microseconds. */
export function cpuUs() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Size of a folder's files, in MB. */
export function folderMb(folder) {
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += statSync(join(entry.parentPath, entry.name)).size;
  }
  return bytes / 1024 ** 2;
}

/** A value that so many of a hundred values are at or below. */
export function percentile(values, share) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * share) / 100))] ?? 0;
}

/**
 * A time in milliseconds that other work on the machine does not lengthen: the smaller one of wall time and CPU time of
 * all threads since the start. Either is at least what the main thread has run.
 */
export class Stopwatch {
  #startMs = performance.now();
  #startUs = cpuUs();

  stop() {
    const wallMs = performance.now() - this.#startMs;
    return { ms: Math.min(wallMs, (cpuUs() - this.#startUs) / 1000), wallMs };
  }
}

/** How long the turns of the event loop are. */
export class TurnWatch {
  #immediate;
  #watch = new Stopwatch();
  #turns = [];

  constructor() {
    const turn = () => {
      this.#turns.push(this.#watch.stop());
      this.#watch = new Stopwatch();
      this.#immediate = setImmediate(turn);
    };
    this.#immediate = setImmediate(turn);
  }

  stop() {
    clearImmediate(this.#immediate);
    const ms = this.#turns.map((turn) => turn.ms);
    return {
      turns: ms.length,
      p99Ms: percentile(ms, 99),
      maxMs: percentile(ms, 100),
      wallMaxMs: percentile(
        this.#turns.map(({ wallMs }) => wallMs),
        100,
      ),
      over30: ms.filter((one) => one > 30).length,
    };
  }
}

/**
 * A script of this folder in a process of its own: `ask` sends a message and waits for the answer, `result` is what
 * the child prints as JSON on its last line.
 */
export function startChild(script, task, { flags = [], timeoutMs = 3_600_000 } = {}) {
  const child = spawn(process.execPath, [...flags, script, '--child', JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part) => {
    text += part;
  });
  const result = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const line = text.trimEnd().split('\n').at(-1) ?? '';
      if (line.startsWith('{')) resolve(JSON.parse(line));
      else reject(new Error(`the child ended with ${signal ?? code} and said nothing: ${text.slice(-500)}`));
    });
  });
  const answer = () => new Promise((resolve) => child.once('message', resolve));
  return {
    result,
    answered: () => Promise.race([answer(), result]),
    ask(message) {
      const answered = Promise.race([answer(), result]);
      child.send(message);
      return answered;
    },
  };
}

/** Runs a child to its end. */
export function runChild(script, task, options) {
  return startChild(script, task, options).result;
}

/** In a child: answers the questions of its parent until it asks for the end. */
export async function answerParent(answer) {
  if (process.send === undefined) return;
  process.send('ready');
  for (;;) {
    const question = await new Promise((resolve) => process.once('message', resolve));
    if (question === 'end') break;
    process.send(await answer(question));
  }
  process.disconnect();
}

/** The value behind a name on the command line. */
export function option(name, otherwise) {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : process.argv[at + 1];
}

/** Writes what was measured where `--json FILE` asks for it. */
export function writeJson(figures) {
  const file = option('json');
  if (file !== undefined) writeFileSync(file, `${JSON.stringify(figures, undefined, 2)}\n`);
}
