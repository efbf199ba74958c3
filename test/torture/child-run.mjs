// One child process: started, signalled by its pid, and never left alone for longer than its limit.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { onExit } from './cleanup.mjs';

/** A command under way. Its output goes to `<log>.out` and `<log>.err`. */
export class ChildRun {
  #child;
  #log;
  #hasEnded = false;

  constructor([program, ...words], { cwd, log, limitMs, env = {} }) {
    this.#log = log;
    const files = ['out', 'err'].map((end) => openSync(`${log}.${end}`, 'w'));
    this.startedMs = performance.now();
    this.#child = spawn(program, words, {
      cwd,
      env: { ...process.env, NO_COLOR: '1', ...env },
      stdio: ['ignore', ...files],
    });
    for (const file of files) closeSync(file);
    const forget = onExit(() => this.kill('SIGKILL'));
    let isTooLong = false;
    const timer = setTimeout(() => {
      isTooLong = true;
      this.kill('SIGKILL');
    }, limitMs);
    /** Settles at its end: `{ code, signal, isTooLong, durationMs, errors }`. */
    this.end = new Promise((resolve, reject) => {
      this.#child.once('error', reject);
      this.#child.once('exit', (code, signal) => {
        this.#hasEnded = true;
        clearTimeout(timer);
        forget();
        const durationMs = performance.now() - this.startedMs;
        resolve({ code, signal, isTooLong, durationMs, errors: readFileSync(`${this.#log}.err`, 'utf8') });
      });
    });
  }

  get hasEnded() {
    return this.#hasEnded;
  }

  /** Sends a signal to this one process, unless it has ended. */
  kill(signal) {
    if (!this.#hasEnded) this.#child.kill(signal);
  }

  /** Waits so long, exact to a fraction of a millisecond; false if the process ended before. */
  async lasts(ms) {
    const until = performance.now() + ms;
    let timer;
    const pause = new Promise((resolve) => {
      timer = setTimeout(resolve, Math.max(0, ms - 2));
    });
    await Promise.race([pause, this.end]);
    clearTimeout(timer);
    while (!this.#hasEnded && performance.now() < until);
    return !this.#hasEnded;
  }
}
