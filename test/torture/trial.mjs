// One trial: a folder, a site with its counts at zero, and the same command run again and again.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ChildRun } from './child-run.mjs';
import { onExit } from './cleanup.mjs';
import { checkPartial } from './judge-trial.mjs';

const BIN = fileURLToPath(new URL('../../dist/src/cli/bin.js', import.meta.url));
const SPIDERS = fileURLToPath(new URL('spiders', import.meta.url));
const RUN_LIMIT_MS = 90_000;
const STOP_LIMIT_MS = 5000;
/** What a killed process has sent may still reach the site. */
const SETTLE_MS = 25;
/** A kill may cost a second fetch of the pages in flight, and of those in the batch that was not written yet. */
const IN_FLIGHT = 16;
const BATCH = 64;
/** From here on a job must have something to resume. */
const SOME_FETCHES = 150;
const DISK_PROBLEM = /ENOSPC|EFBIG|no space|disk|too large/i;

/** What the scenarios drive and the table is made of. */
export class Trial {
  problems = [];
  /** What is not nice and no failure. */
  notes = [];
  /** Runs that did not come to their own end: killed, stopped, on a full disk. */
  kills = 0;
  runs = 0;
  slowestStartMs = 0;
  /** Where the children find their files and this process finds those; set by scenarios with a small disk. */
  disk;
  /** Settle once each run has begun to fetch, or ended. */
  watches = [];
  #started = [];
  #isKept = false;
  #remove;
  /** Fetches beyond one a page that the kills explain. */
  allowedExtra = 0;

  constructor({ scenario, site, random, measured, isDurable = true }) {
    this.scenario = scenario;
    this.site = site;
    this.random = random;
    this.measured = measured;
    this.isDurable = isDurable;
    this.folder = mkdtempSync(join(tmpdir(), `orbweaver-torture-${scenario.name}-`));
    this.#remove = onExit(() => {
      if (!this.#isKept) rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
    });
    for (const name of ['out', 'state']) mkdirSync(join(this.folder, name));
  }

  /** Starts the command; options of node and of the environment may be added. */
  async start({ nodeWords = [], env } = {}) {
    await wait(SETTLE_MS);
    const { fetches } = await this.site.counts();
    const { spider, outputs, isDeclared } = this.scenario;
    const words = [BIN, join(SPIDERS, spider), '-a', `base=${this.site.url}`];
    if (this.isDurable) words.push('--job', 'state/job');
    if (!isDeclared) words.push(...outputs.flatMap((name) => ['-O', `out/${name}`]));
    const command = [process.execPath, ...nodeWords, ...words];
    const run = new ChildRun(this.disk?.within(command, this.folder) ?? command, {
      cwd: this.folder,
      log: join(this.folder, `run-${++this.runs}`),
      limitMs: RUN_LIMIT_MS,
      env,
    });
    this.#started.push(run);
    run.number = this.runs;
    run.fetchesBefore = fetches;
    run.isResume = this.runs > 1;
    this.watches.push(this.#watchStart(run));
    return run;
  }

  /** A run that a SIGKILL ends after so long, or that ends before. */
  async killAfter(ms, options) {
    const run = await this.start(options);
    await run.lasts(ms);
    return this.kill(run);
  }

  /** Kills a run and counts it. */
  async kill(run) {
    run.kill('SIGKILL');
    return this.ended(run);
  }

  /** A run that a signal ends in order, with the exit code of an interrupt and a word on how to go on. */
  async stopAfter(ms, signal, second) {
    const run = await this.start();
    if (!(await run.lasts(ms))) return this.ended(run);
    const wasHearing = (await this.site.counts()).fetches > run.fetchesBefore;
    const sentMs = performance.now();
    run.kill(signal);
    if (second !== undefined && (await run.lasts(second.afterMs))) run.kill(second.signal);
    const end = await this.ended(run, { mayFail: true });
    const tookMs = performance.now() - sentMs;
    if (tookMs > STOP_LIMIT_MS) this.problem(run, `took ${Math.round(tookMs)} ms to stop after ${signal}`);
    if (!wasHearing) return end;
    if (end.code !== 130 && end.code !== 0)
      this.problem(run, `ended with ${end.code ?? end.signal} after ${signal}`);
    if (end.code === 130 && !/resume/i.test(end.errors)) this.problem(run, 'does not say how to resume');
    if (end.code === 130) this.#countKill(second === undefined ? IN_FLIGHT : IN_FLIGHT + BATCH);
    checkPartial(this);
    return end;
  }

  /** A run on a full disk: it must fail by itself and say why. */
  async failOnDisk() {
    const run = await this.start();
    const end = await this.ended(run, { mayFail: true });
    if (end.signal === null) this.#countKill();
    if (end.code === 0) this.problem(run, 'ended with 0 on a full disk');
    if (end.signal !== null) this.problem(run, `ended by ${end.signal} on a full disk`);
    if (!DISK_PROBLEM.test(end.errors)) this.problem(run, 'says nothing of a full disk');
    checkPartial(this);
    return end;
  }

  /** Runs the command until it ends by itself, at most so many times. */
  async finish(tries = 1) {
    for (let at = 0; at < tries; at++) {
      const run = await this.start();
      const end = await this.ended(run);
      if (end.signal !== null) continue;
      await this.#checkResumeMessage(run, end);
      const limitMs = (this.measured?.durationMs ?? RUN_LIMIT_MS) * 3 + 10_000;
      if (end.durationMs > limitMs) this.problem(run, `took ${Math.round(end.durationMs)} ms`);
      return;
    }
    this.problems.push(`did not end by itself in ${tries} runs`);
  }

  /** Waits for the end of a run and judges it. */
  async ended(run, { mayFail = false } = {}) {
    const end = await run.end;
    if (end.isTooLong) this.problem(run, 'hung and was killed');
    else if (end.signal === 'SIGKILL') this.#countKill();
    else if (!mayFail && end.code !== 0) this.problem(run, `ended with ${end.code ?? end.signal}`);
    if (end.signal === null && end.errors.trim() === '') this.problem(run, 'says nothing on stderr');
    return end;
  }

  /** Where this process finds an export. */
  output(name) {
    const path = join(this.folder, 'out', name);
    return this.disk?.outside(path) ?? path;
  }

  /** Keeps what is wrong with a run. */
  problem(run, text) {
    this.problems.push(`run ${run.number} ${text}`);
  }

  /** Ends what still runs and removes the folder, or keeps it for a look, with what the small disk held. */
  close({ isKept = false } = {}) {
    for (const run of this.#started) run.kill('SIGKILL');
    if (isKept) this.disk?.rescue();
    this.disk?.close();
    this.#isKept = isKept;
    this.#remove();
  }

  async #watchStart(run) {
    const hasFetched = await this.site.reaches(
      ({ fetches }) => fetches > run.fetchesBefore,
      () => run.hasEnded,
    );
    if (!hasFetched) return;
    const startMs = performance.now() - run.startedMs;
    if (run.isResume || this.measured === undefined)
      this.slowestStartMs = Math.max(this.slowestStartMs, startMs);
  }

  async #checkResumeMessage(run, { errors }) {
    if (run.fetchesBefore < SOME_FETCHES || !this.isDurable) return;
    const { fetches } = await this.site.counts();
    const isSaid = fetches > run.fetchesBefore ? /resum|continu/i : /resum|continu|finished/i;
    if (!isSaid.test(errors)) this.problem(run, 'does not say that it resumed');
  }

  #countKill(mayCost = IN_FLIGHT + BATCH) {
    this.kills++;
    this.allowedExtra += mayCost;
  }
}
