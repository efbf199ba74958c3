/*
 * Tries inputs of one target until its time is over: `TARGET SEED FROM MS FILE`. The number of the input that
 * is tried stands in FILE, also where the process dies of it; a line of JSON at the end tells what it came to.
 */
import { openSync, writeSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { seeded } from '../support/seeded.ts';
import { TARGETS } from './targets.ts';

const [name = '', seed = '1', from = '0', ms = '0', file = ''] = process.argv.slice(2);
const target = TARGETS.get(name);
if (target === undefined) throw new Error(`there is no target ${name}: ${[...TARGETS.keys()].join(', ')}`);
const place = openSync(file, 'r+');
const tried = new Int32Array(1);
const untilMs = Date.now() + Number(ms);

let longestMs = 0;
let longestAt = 0;
let count = 0;
let number = Number(from);
let turnMs = performance.now();
let turnCpu = process.cpuUsage();
let isOver = false;

/** How long turns of the loop are, but for what other work on the machine takes. */
async function watchTurns(): Promise<void> {
  while (!isOver) {
    await setImmediate();
    const { user, system } = process.cpuUsage(turnCpu);
    const ms = Math.min(performance.now() - turnMs, (user + system) / 1000);
    if (ms > longestMs) {
      longestMs = ms;
      longestAt = number;
    }
    turnMs = performance.now();
    turnCpu = process.cpuUsage();
  }
}

const watching = watchTurns();
for (;;) {
  tried[0] = number;
  writeSync(place, tried, 0, 4, 0);
  count += await target.run(seeded(Number(seed) * 1_000_003 + number));
  await setImmediate();
  if (Date.now() >= untilMs) break;
  number += 1;
}
isOver = true;
await watching;
const { maxRSS } = process.resourceUsage();
process.stdout.write(`${JSON.stringify({ count, longestMs, longestAt, maxMb: maxRSS / 1024 })}\n`);
process.exit(0);
