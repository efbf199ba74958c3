// How long an untroubled crawl takes and how much it writes, so that kills and small disks can be spread over it.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { PAGES } from './page-item.mjs';

/** What a crawl without any trouble takes: `{ durationMs, bootMs, closeMs, outputBytes, jobBytes }`. */
export async function measure(trial) {
  let jobBytes = 0;
  let lastPageMs;
  const run = await trial.start();
  while (!run.hasEnded) {
    if ((await trial.site.counts()).pages === PAGES) lastPageMs ??= performance.now() - run.startedMs;
    jobBytes = Math.max(jobBytes, folderBytes(join(trial.folder, 'state')));
    await wait(50);
  }
  const { durationMs } = await trial.ended(run);
  const closeMs = durationMs - (lastPageMs ?? durationMs);
  const outputBytes = folderBytes(join(trial.folder, 'out'));
  return { durationMs, bootMs: trial.slowestStartMs, closeMs, outputBytes, jobBytes };
}

/** Bytes that the files of a folder take on disk; files come and go while it is read. */
function folderBytes(folder) {
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true })) {
    const stat = statSync(join(folder, entry), { throwIfNoEntry: false });
    if (stat?.isFile()) bytes += stat.blocks * 512;
  }
  return bytes;
}
