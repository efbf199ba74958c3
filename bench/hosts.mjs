/*
 * A million hosts beside a thousand, with one to ten requests each and a delay of 1 s on the manual clock:
 * `npm run bench:hosts [-- --hosts 1000000] [--kinds memory,disk] [--json FILE]`. Each lease is checked: no host may be asked twice within
 * its delay. The baseline is the cost of a request at 1,000 hosts with as many requests in the queue: only the number
 * of hosts differs. Beside it stands what a request costs where 1,000 hosts have one to ten requests each, a
 * thousandth of the queue: the difference to the baseline is what V8 takes for keeping millions of objects. Each crawl
 * runs in a process of its own.
 */
import { writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  DEFAULT_SETTINGS,
  DiskScheduler,
  Job,
  ManualClock,
  MemoryScheduler,
  openLevelStore,
  Request,
  silentLogger,
} from '../dist/scripts/internals.js';
import { cpuUs, option, rssAnonMb, runChild, writeJson } from './process-figures.mjs';

const DELAY_MS = 1000;
const FEW_HOSTS = 1000;
/** Most leases out at a time: hundreds of hosts are asked at once. */
const IN_FLIGHT = 512;
/** How long a download takes. */
const DOWNLOAD_MS = 10;
const HEAP = ['--max-old-space-size=8192', '--expose-gc'];

async function parent() {
  const script = fileURLToPath(import.meta.url);
  const hosts = Number(option('hosts', 1_000_000));
  const rows = [];
  console.log(
    `Node ${process.versions.node} ${HEAP.join(' ')}; 1 to 10 requests a host, ${DELAY_MS} ms apart, CPU of all threads`,
  );
  for (const kind of option('kinds', 'memory,disk').split(',')) {
    const size = Math.max(1, Math.round(hosts / FEW_HOSTS));
    const small = await run(script, { kind, hosts: FEW_HOSTS, size: 1, rounds: Math.ceil(size / 10) });
    const few = await run(script, { kind, hosts: FEW_HOSTS, size, rounds: 1 });
    const many = await run(script, { kind, hosts, size: 1, rounds: 1 });
    const ratio = many.cpuUsPerRequest / few.cpuUsPerRequest;
    const smallRatio = many.cpuUsPerRequest / small.cpuUsPerRequest;
    rows.push({ kind, small, few, many, ratio, smallRatio });
    const line = ({
      hosts: count,
      requests,
      cpuUsPerRequest,
      pushUs,
      crawlUs,
      heapBytesPerHost,
      rssMb,
      violations,
    }) =>
      console.log(
        `${kind.padEnd(7)} ${count.toLocaleString('en').padStart(9)} hosts, ${requests.toLocaleString('en').padStart(9)} requests: ` +
          `${cpuUsPerRequest.toFixed(2)} us a request (push ${pushUs.toFixed(2)}, crawl ${crawlUs.toFixed(2)}), ` +
          `${Math.round(heapBytesPerHost)} bytes a host, RssAnon ${rssMb.toFixed(0)} MB, asked too early: ${violations}`,
      );
    line(small);
    line(few);
    line(many);
    console.log(
      `${kind.padEnd(7)} x${ratio.toFixed(2)} of ${FEW_HOSTS.toLocaleString('en')} hosts: ${ratio <= 2 && many.violations === 0 ? 'holds' : 'DOES NOT HOLD'} (goal: within x2, nobody asked too early); x${smallRatio.toFixed(2)} of the small queue`,
    );
  }
  writeJson(rows);
  if (
    rows.some(
      ({ ratio, many, few, small }) => ratio > 2 || many.violations + few.violations + small.violations > 0,
    )
  )
    process.exitCode = 1;
}

async function run(script, task) {
  const folder = await mkdtemp(join(tmpdir(), 'orbweaver-bench-'));
  try {
    return await runChild(script, { ...task, folder }, { flags: HEAP });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function child({ kind, hosts, size, rounds, folder }) {
  const sum = { requests: 0, pushCpu: 0, crawlCpu: 0, violations: 0, heapBytes: 0, rssMb: 0 };
  for (let round = 0; round < rounds; round++) {
    const clock = new ManualClock();
    const job = kind === 'disk' ? await openJob(join(folder, `job-${round}`), clock) : undefined;
    const scheduler = await open(kind, clock, job, join(folder, `job-${round}`));
    await crawl(scheduler, clock, { hosts, size }, sum, round === 0);
    await scheduler.close();
    await job?.close('finished');
  }
  const { requests, pushCpu, crawlCpu, violations, heapBytes, rssMb } = sum;
  return {
    hosts,
    requests,
    rssMb,
    violations,
    cpuUsPerRequest: (pushCpu + crawlCpu) / requests,
    pushUs: pushCpu / requests,
    crawlUs: crawlCpu / requests,
    heapBytesPerHost: heapBytes / hosts,
  };
}

function openJob(folder, clock) {
  return Job.open({
    folder,
    // Its batches are written by time that passes.
    clock: {
      now: () => clock.now(),
      monotonicMs: () => performance.now(),
      setTimeout: (callback, ms) => later(callback, ms),
    },
    logger: silentLogger,
    subject: {
      release: 'bench',
      spider: 'bench',
      args: {},
      secretArgs: new Set(),
      settings: DEFAULT_SETTINGS,
    },
    openStore: openLevelStore,
    onFault: fail,
  });
}

function open(kind, clock, job, folder) {
  const options = {
    clock,
    order: 'lifo',
    pace: { concurrency: 8, delayMs: DELAY_MS, randomizeDelay: false, adaptive: false },
  };
  if (kind === 'memory') return new MemoryScheduler(options);
  return DiskScheduler.open({ ...options, folder, journal: job.journal, items: job.items, onFault: fail });
}

async function crawl(scheduler, clock, { hosts, size }, sum, isFirst) {
  if (isFirst) globalThis.gc?.();
  const heapBefore = process.memoryUsage();
  const total = await pushAll(scheduler, { hosts, size }, sum);
  if (isFirst) {
    globalThis.gc?.();
    const { heapUsed, external } = process.memoryUsage();
    sum.heapBytes = heapUsed + external - heapBefore.heapUsed - heapBefore.external;
    sum.rssMb = rssAnonMb();
  }
  const lastAskedMs = new Float64Array(hosts).fill(Number.NEGATIVE_INFINITY);
  const startCpu = cpuUs();
  let done = 0;
  /** Leases whose download ends at the first number, oldest first. */
  const out = [];
  let first = 0;
  for (let turn = 0; done < total; turn++) {
    const nowMs = clock.monotonicMs();
    while (first < out.length && out[first].endMs <= nowMs) {
      const { lease } = out[first];
      out[first++] = undefined;
      scheduler.downloaded(lease, { latencyMs: DOWNLOAD_MS, status: 200 });
      scheduler.commit(lease, { requests: [], delivered: true });
      done += 1;
    }
    if (first > IN_FLIGHT * 4) {
      out.splice(0, first);
      first = 0;
    }
    const answer = scheduler.take({ leases: IN_FLIGHT - (out.length - first), origins: 0 });
    const taken = answer instanceof Promise ? await answer : answer;
    for (const lease of taken.leases) {
      const host = numberOf(lease.candidate.host);
      if (nowMs - lastAskedMs[host] < DELAY_MS) sum.violations += 1;
      lastAskedMs[host] = nowMs;
      out.push({ lease, endMs: nowMs + DOWNLOAD_MS });
    }
    if (turn % 8 === 0) await setImmediate();
    const nextMs = Math.min(
      taken.dueInMs ?? Number.POSITIVE_INFINITY,
      out.length > first ? out[first].endMs - nowMs : Number.POSITIVE_INFINITY,
    );
    // What ends now frees places: time stands still as long as there is something to do.
    if (nextMs > 0 && Number.isFinite(nextMs)) await clock.advance(Math.max(1, nextMs));
    if (turn > total * 20) throw new Error(`stuck: ${done} of ${total} requests are done`);
  }
  await scheduler.flushed();
  sum.crawlCpu += cpuUs() - startCpu;
  sum.requests += total;
}

/** Requests in rounds over all hosts, as links come: `size` times one to ten a host. */
async function pushAll(scheduler, { hosts, size }, sum) {
  const startCpu = cpuUs();
  let made = 0;
  let serial = 0;
  for (let round = 0; round < 10 * size; round++) {
    let candidates = [];
    for (let host = 0; host < hosts; host++) {
      // Host n has n modulo ten requests, and one, `size` times.
      if (host % 10 < round % 10) continue;
      candidates.push(candidateOf(host, round, serial++));
      if (candidates.length < 100) continue;
      await scheduler.push(candidates);
      made += candidates.length;
      candidates = [];
      if (made % 5000 === 0) await scheduler.flushed();
    }
    await scheduler.push(candidates);
    made += candidates.length;
    await scheduler.flushed();
  }
  sum.pushCpu += cpuUs() - startCpu;
  return made;
}

const bytes = Buffer.alloc(16);

/** The fingerprint is as good as a hash and costs less: what the engine computes is not in question here. */
function candidateOf(host, round, serial) {
  const name = `host-${host}.test`;
  bytes.writeUInt32LE(Math.imul(serial + 1, 0x9e3779b1) >>> 0, 0);
  bytes.writeUInt32LE(Math.imul(serial + 1, 0x85ebca6b) >>> 0, 4);
  bytes.writeUInt32LE(serial, 8);
  bytes.writeUInt32LE(Math.imul(serial + 1, 0xc2b2ae35) >>> 0, 12);
  const origin = `http://${name}`;
  return {
    request: new Request(`${origin}/page-${round}.html`),
    fingerprint: bytes.toString('base64url'),
    host: name,
    origin,
    filtered: true,
    callback: undefined,
    errback: undefined,
  };
}

function numberOf(host) {
  return Number(host.slice(5, -5));
}

function later(callback, ms) {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
}

function fail(error) {
  console.error(error);
  process.exit(1);
}

const at = process.argv.indexOf('--child');
if (at < 0) await parent();
else writeSync(1, `${JSON.stringify(await child(JSON.parse(process.argv[at + 1])))}\n`);
