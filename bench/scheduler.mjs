/*
 * What a page costs the frontier on disk beside the one in memory, at 100,000, 1,000,000 and 10,000,000 known URLs:
 * `npm run bench:scheduler [-- --sizes 100000,1000000] [--json FILE]`. A page is taken, downloaded and committed
 * with 20 links, 19 of them known; candidates are made as the engine makes them, on both sides. Each frontier runs
 * in a process of its own. CPU is user and system time of all its threads: other work on the machine does not
 * count. The baseline is `MemoryScheduler` in the same run.
 */
import { hash } from 'node:crypto';
import { writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  DEFAULT_SETTINGS,
  DiskScheduler,
  fingerprint,
  hostKey,
  Job,
  MemoryScheduler,
  openLevelStore,
  originOf,
  Request,
  silentLogger,
  systemClock,
} from '../dist/scripts/internals.js';
import {
  answerParent,
  cpuUs,
  folderMb,
  option,
  percentile,
  rssAnonMb,
  runChild,
  Stopwatch,
  startChild,
  TurnWatch,
  writeJson,
} from './process-figures.mjs';

const HOSTS = 1000;
const LINKS = 20;
/** Leases that are out at a time: more than a batch holds, so that each stands on disk before it ends. */
const IN_FLIGHT = 256;
const PAGES_A_TURN = 4;
/** Both sides are measured in turn, so many times; the median counts. */
const ROUNDS = 9;
const PAGES_A_ROUND = 3000;
const MANY_LINKS = 10_000;
/** The engine hands more on before the commit. */
const MOST_LINKS_A_COMMIT = 1000;
const PASSING = new Request('http://passing.test/');
const SIZES = [100_000, 1_000_000, 10_000_000];

const at = process.argv.indexOf('--child');
if (at < 0) await parent();
else await child(JSON.parse(process.argv[at + 1]));

async function parent() {
  const script = fileURLToPath(import.meta.url);
  const sizes = option('sizes')?.split(',').map(Number) ?? SIZES;
  const rows = [];
  console.log(
    `Node ${process.versions.node}; median of ${ROUNDS} rounds of ${PAGES_A_ROUND} pages with ${LINKS} links, 19 known, ${HOSTS} hosts`,
  );
  console.log('CPU us a page, of all threads; commits and turns of the loop in CPU ms (wall ms in brackets)');
  for (const known of sizes) {
    // 300,000 are what must be opened again soon; 3,000,000 what must not fill the memory.
    const queued = Math.min(known * 0.3, 3_000_000);
    const few = Math.min(queued, 300_000);
    const heap = ['--max-old-space-size=4096'];
    const folder = await mkdtemp(join(tmpdir(), 'orbweaver-bench-'));
    try {
      const job = join(folder, 'job');
      // One after the other: turns of the one must not be longer because of the other.
      const disk = startChild(script, { kind: 'disk', known, queued, few, job });
      await disk.answered();
      const memory = startChild(script, { kind: 'memory', known, queued: few }, { flags: heap });
      await memory.answered();
      const sides = [memory, disk];
      // Turn about, so that whatever else the machine does hits both.
      const rounds = [[], []];
      for (let round = 0; round < ROUNDS; round++)
        for (const [at, side] of sides.entries()) rounds[at].push(await side.ask('pages'));
      const results = await Promise.all(sides.map((side) => side.ask('end').then(() => side.result)));
      const [inMemory, onDisk] = results.map((result, at) => ({
        ...result,
        cpuUsPerPage: percentile(rounds[at], 50),
        leastUsPerPage: Math.min(...rounds[at]),
        rounds: rounds[at],
      }));
      const closed = await runChild(script, { kind: 'reopen', job });
      const killed = await runChild(script, { kind: 'reopen', job, mark: 'after a kill' });
      rows.push({ known, queued, few, memory: inMemory, disk: onDisk, closed, killed });
      show(rows.at(-1));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  writeJson(rows);
}

function show({ known, queued, few, memory, disk, closed, killed }) {
  const n = (value, digits = 1) => value.toFixed(digits);
  console.log(
    `\n${known.toLocaleString('en')} known, ${queued.toLocaleString('en')} queued (memory: ${few.toLocaleString('en')})`,
  );
  const over = disk.cpuUsPerPage - memory.cpuUsPerPage;
  console.log(
    `  CPU a page    memory ${n(memory.cpuUsPerPage)} us, disk ${n(disk.cpuUsPerPage)} us: +${n(over)} us, x${n(disk.cpuUsPerPage / memory.cpuUsPerPage, 2)}; candidates ${n(memory.candidatesUs)} us of it on both sides`,
  );
  console.log(
    `                least of the rounds: ${n(memory.leastUsPerPage)} us, ${n(disk.leastUsPerPage)} us: +${n(disk.leastUsPerPage - memory.leastUsPerPage)} us; rounds ${[memory, disk].map(({ rounds }) => rounds.map((us) => n(us, 0)).join(' ')).join(' | ')}`,
  );
  console.log(
    `  RssAnon       memory ${n(memory.rssMb, 0)} MB, disk ${n(disk.rssMb, 0)} MB; after dropping to ${few.toLocaleString('en')}: ${n(disk.few.rssMb, 0)} MB`,
  );
  console.log(`  disk          ${n(disk.diskMb, 0)} MB`);
  console.log(
    `  reopen        ${n(closed.openMs, 0)} ms after a close (CPU ${n(closed.openCpuMs, 0)} ms), ${n(killed.openMs, 0)} ms after a kill (CPU ${n(killed.openCpuMs, 0)} ms), ${closed.counts.queued.toLocaleString('en')} queued`,
  );
  console.log(
    `  commit        p50 ${n(disk.commitP50Ms, 3)} ms, p99 ${n(disk.commitP99Ms, 3)} ms, max ${n(disk.commitMaxMs, 2)} ms`,
  );
  for (const [name, turns] of Object.entries(disk.turns))
    console.log(
      `  turn          p99 ${n(turns.p99Ms, 2)} ms, max ${n(turns.maxMs)} ms (${n(turns.wallMaxMs)}), ${turns.over30} of ${turns.turns} over 30 ms: ${name}`,
    );
  console.log(
    `  ${MANY_LINKS.toLocaleString('en')} links     pushes and commit of ${disk.manyLinksMs.map((ms) => n(ms)).join(', ')} ms; seeding took ${n(disk.seedS)} s, CPU ${n(disk.seedCpuS)} s`,
  );
}

async function child(task) {
  const { kind } = task;
  const result =
    kind === 'reopen'
      ? await reopen(task)
      : kind === 'disk'
        ? await measureDisk(task)
        : await measureMemory(task);
  writeSync(1, `${JSON.stringify(result)}\n`);
  // What a kill leaves: nothing is closed.
  if (kind === 'reopen') process.kill(process.pid, 'SIGKILL');
}

function frontierOptions() {
  return {
    clock: systemClock,
    order: 'lifo',
    pace: { concurrency: 8, delayMs: 0, randomizeDelay: false, adaptive: false },
  };
}

async function openDisk(folder) {
  const onFault = (error) => {
    console.error(error);
    process.exit(1);
  };
  const job = await Job.open({
    folder,
    clock: systemClock,
    logger: silentLogger,
    subject: {
      release: 'bench',
      spider: 'bench',
      args: {},
      secretArgs: new Set(),
      settings: DEFAULT_SETTINGS,
    },
    openStore: openLevelStore,
    onFault,
  });
  const { journal, items } = job;
  const scheduler = await DiskScheduler.open({ ...frontierOptions(), folder, journal, items, onFault });
  return { job, scheduler };
}

async function measureMemory({ known, queued }) {
  const scheduler = new MemoryScheduler(frontierOptions());
  await seed(scheduler, known, queued);
  const rssMb = await quietRss();
  const frontier = { scheduler, next: known };
  await pages(frontier, PAGES_A_ROUND * 2);
  await answerParent(() => cpuOfPages(frontier));
  return { rssMb, candidatesUs: candidatesCost(known) };
}

async function measureDisk({ known, queued, few, job: folder }) {
  const { job, scheduler } = await openDisk(folder);
  const startMs = performance.now();
  const startCpu = cpuUs();
  let watch = new TurnWatch();
  await seed(scheduler, known, queued);
  await scheduler.flushed();
  const turns = { 'while seeding, with images of the duplicate filter': watch.stop() };
  const seeded = { seedS: (performance.now() - startMs) / 1000, seedCpuS: (cpuUs() - startCpu) / 1e6 };
  const rssMb = await quietRss();
  const frontier = { scheduler, next: known };
  await pages(frontier, PAGES_A_ROUND * 2);
  await answerParent(() => cpuOfPages(frontier));
  const laterRssMb = rssAnonMb();
  watch = new TurnWatch();
  const commits = [];
  await pages(frontier, PAGES_A_ROUND * 2, commits);
  turns['while crawling'] = watch.stop();
  const many = [];
  watch = new TurnWatch();
  await pages(frontier, 1, many, MANY_LINKS);
  await scheduler.flushed();
  turns[`a page of ${MANY_LINKS} links`] = watch.stop();
  watch = new TurnWatch();
  for (let host = 0; host < HOSTS && scheduler.counts().queued > few; host++)
    await scheduler.drop({ state: 'queued', host: hostOf(host) });
  await scheduler.flushed();
  turns['while dropping hosts'] = watch.stop();
  await pages(frontier, PAGES_A_ROUND);
  const result = {
    ...seeded,
    rssMb: Math.max(rssMb, laterRssMb),
    few: { rssMb: await quietRss() },
    diskMb: folderMb(folder),
    commitP50Ms: percentile(commits, 50),
    commitP99Ms: percentile(commits, 99),
    commitMaxMs: Math.max(...commits),
    manyLinksMs: many,
    turns,
  };
  await scheduler.close();
  await job.close('shutdown');
  return result;
}

async function reopen({ job: folder }) {
  const startMs = performance.now();
  const startCpu = cpuUs();
  const { scheduler } = await openDisk(folder);
  const openMs = performance.now() - startMs;
  const openCpuMs = (cpuUs() - startCpu) / 1000;
  const counts = scheduler.counts();
  // Some work, so that what is killed next has leases and batches on their way.
  await pages({ scheduler, next: counts.known }, 2000);
  await scheduler.take({ leases: 16, origins: 0 });
  await scheduler.flushed();
  return { openMs, openCpuMs, counts };
}

/** As many known URLs as wanted, of which so many are queued: the others are crawled, without links. */
async function seed(scheduler, known, queued) {
  if (passing(7).fingerprint !== candidateOf(7).fingerprint)
    throw new Error('fingerprints are made otherwise now');
  const batch = 250;
  for (let number = 0; number < known; number += batch) {
    const candidates = [];
    const isQueued = number >= known - queued;
    for (let link = number; link < number + batch; link++)
      candidates.push(isQueued ? candidateOf(link) : passing(link));
    await scheduler.push(candidates);
    if (!isQueued) {
      const { leases } = await scheduler.take({ leases: batch, origins: 0 });
      if (leases.length !== batch) throw new Error(`${leases.length} leases where ${batch} were wanted`);
      for (const lease of leases) {
        scheduler.downloaded(lease, { latencyMs: 1, status: 200 });
        scheduler.commit(lease, { requests: [], delivered: true });
      }
    }
    if (number % 5000 === 0) await scheduler.flushed();
    await setImmediate();
  }
}

/** Crawls so many pages, always with the same number of leases out. */
async function pages(frontier, count, commits, links = LINKS) {
  const { scheduler } = frontier;
  const leases = frontier.leases ?? [];
  frontier.leases = leases;
  for (let done = 0; done < count; done++) {
    if (leases.length < IN_FLIGHT) {
      const taken = await scheduler.take({ leases: IN_FLIGHT - leases.length, origins: 0 });
      leases.push(...taken.leases);
    }
    const lease = leases.shift();
    if (lease === undefined) throw new Error('nothing is queued');
    scheduler.downloaded(lease, { latencyMs: 1, status: 200 });
    const requests = links === LINKS ? linksOf(frontier) : await newLinks(frontier, links);
    while (requests.length > MOST_LINKS_A_COMMIT) {
      await setImmediate();
      const watch = new Stopwatch();
      const pushing = scheduler.push(requests.splice(0, MOST_LINKS_A_COMMIT), { lease, items: [] });
      commits?.push(watch.stop().ms);
      await pushing;
    }
    if (links !== LINKS) await setImmediate();
    const watch = new Stopwatch();
    const { ack } = scheduler.commit(lease, { requests, delivered: true });
    commits?.push(watch.stop().ms);
    if (ack !== 'ok') throw new Error('a lease is stale');
    if (done % PAGES_A_TURN === 0) await setImmediate();
  }
}

async function cpuOfPages(frontier) {
  const startCpu = cpuUs();
  await pages(frontier, PAGES_A_ROUND);
  await frontier.scheduler.flushed();
  return (cpuUs() - startCpu) / PAGES_A_ROUND;
}

function candidatesCost(known) {
  const frontier = { next: known };
  for (let page = 0; page < 1000; page++) linksOf(frontier);
  const startCpu = cpuUs();
  for (let page = 0; page < 10_000; page++) linksOf(frontier);
  return (cpuUs() - startCpu) / 10_000;
}

/** Links of a page: one is new, the others are known ones from everywhere. */
function linksOf(frontier) {
  const candidates = [];
  for (let link = 1; link < LINKS; link++)
    candidates.push(candidateOf(Math.floor(Math.random() * frontier.next)));
  candidates.push(candidateOf(frontier.next++));
  return candidates;
}

/** As the engine takes them from a callback: with a rest now and then. */
async function newLinks(frontier, count) {
  const links = [];
  while (links.length < count) {
    links.push(candidateOf(frontier.next++));
    if (links.length % 500 === 0) await setImmediate();
  }
  return links;
}

function hostOf(number) {
  return `host-${number % HOSTS}.test`;
}

/** One that is never written: the same fingerprint for less. */
function passing(number) {
  const host = hostOf(number);
  const origin = `http://${host}`;
  const text = hash('sha256', `GET\n${urlOf(number)}\n\n`, 'base64url').slice(0, 22);
  return {
    request: PASSING,
    fingerprint: text,
    host,
    origin,
    filtered: true,
    callback: undefined,
    errback: undefined,
  };
}

function urlOf(number) {
  return `http://${hostOf(number)}/section/${number % 97}/page-${number}.html`;
}

/** As the engine does it. */
function candidateOf(number) {
  const request = new Request(urlOf(number));
  return {
    request,
    fingerprint: fingerprint(request),
    host: hostKey(request.url),
    origin: originOf(request.url),
    filtered: true,
    callback: undefined,
    errback: undefined,
  };
}

async function quietRss() {
  await new Promise((resolve) => setTimeout(resolve, 500));
  return rssAnonMb();
}
