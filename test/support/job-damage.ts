import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { systemClock } from '../../src/clock/system-clock.ts';
import type { Store } from '../../src/contracts/store.ts';
import type { CrawlOptions } from '../../src/crawler/crawler.ts';
import { JobJournal } from '../../src/job/job-journal.ts';
import { FRONTIER_KEYS } from '../../src/scheduler/frontier-keys.ts';
import { SEEN_IMAGE } from '../../src/scheduler/frontier-state.ts';
import { restoredFrontier } from '../../src/scheduler/restored-frontier.ts';
import { writeSeenImage } from '../../src/scheduler/seen-image.ts';
import { openLevelStore } from '../../src/store/level-store.ts';
import { DEAD, EXPECTED, jobCrawl, outputsOf } from './job-crawl.ts';
import { seeded } from './seeded.ts';

/** One way to damage a file of a job. */
export interface Damage {
  /** Relative to the job. */
  readonly file: string;
  readonly kind: 'cut' | 'flip';
  /** A byte for a cut, a bit for a flip. */
  readonly at: number;
}

/** What a damaged job came to: exact, or an error that says what to do. */
export interface DamageOutcome {
  readonly damage: Damage;
  readonly outcome: 'exact' | 'message' | 'wrong';
  readonly text: string;
}

/** How many records the second run writes: enough for some pages and items of its own. */
const CHANGES_OF_SECOND_RUN = 120;
const MADE_AS_A_WHOLE = 'c.csv';
const OUTPUTS = ['a.jsonl', 'b.csv', 'c.csv'] as const;

/**
 * A half-done job with its outputs. Two runs: what the first one left stands in tables and in the image of the
 * duplicate filter, what the second one left in the log.
 */
export async function halfDoneJob(folder: string): Promise<void> {
  await jobCrawl({ folder, stopAfter: 60 });
  const job = join(folder, 'job');
  const level = new ClassicLevel(join(job, 'store'), { keyEncoding: 'utf8' });
  await level.open();
  await level.compactRange('\0', '\uffff');
  await level.close();
  await makeImage(job);
  // As it is in the middle of a run: what a process leaves that ends without a word.
  const aside = mkdtempSync(join(tmpdir(), 'orbweaver-aside-'));
  const openStore: NonNullable<CrawlOptions['openStore']> = async (path, options) => {
    const store = await openLevelStore(path, options);
    let left = CHANGES_OF_SECOND_RUN;
    const batch: Store['batch'] = async (changes) => {
      await store.batch(changes);
      const isDone = left <= 0;
      left -= changes.length;
      if (!isDone && left <= 0) cpSync(folder, aside, { recursive: true });
    };
    return {
      batch,
      get: (key) => store.get(key),
      range: (...given) => store.range(...given),
      sync: () => store.sync(),
      close: () => store.close(),
    };
  };
  await jobCrawl({ folder, stopAfter: 110, openStore });
  restore(folder, aside);
  rmSync(aside, { recursive: true });
}

/** Puts job and outputs back as they were: the outputs into the same files, which the job knows. */
function restore(folder: string, aside: string): void {
  rmSync(join(folder, 'job'), { recursive: true, force: true });
  cpSync(join(aside, 'job'), join(folder, 'job'), { recursive: true });
  for (const name of OUTPUTS) {
    // This one is made as a whole, each time another file: the job makes it anew.
    if (name !== MADE_AS_A_WHOLE && existsSync(join(aside, name)))
      writeFileSync(join(folder, name), readFileSync(join(aside, name)));
    else rmSync(join(folder, name), { force: true });
  }
}

/** The image of the duplicate filter that larger jobs have. */
async function makeImage(folder: string): Promise<void> {
  const store = await openLevelStore(join(folder, 'store'));
  const journal = await JobJournal.open({ folder, store, clock: systemClock, onFailure: () => {} });
  const { seen, records } = await restoredFrontier(folder, journal, systemClock);
  await writeSeenImage(seen, join(folder, SEEN_IMAGE), async () => {});
  journal.put(FRONTIER_KEYS.image, JSON.stringify({ chunks: records.chunks }));
  await journal.close();
  await store.close();
}

/** Every damage to try, the same for the same seed: so many cuts and flips of each file. */
export function damagesOf(folder: string, each: number, seed = 1): Damage[] {
  const random = seeded(seed);
  const job = join(folder, 'job');
  const files = readdirSync(job, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(job, join(entry.parentPath, entry.name)))
    .sort();
  return files.flatMap((file) => {
    const { length } = readFileSync(join(job, file));
    if (length === 0) return [];
    return Array.from({ length: each }, () => [
      { file, kind: 'cut' as const, at: Math.floor(random() * length) },
      { file, kind: 'flip' as const, at: Math.floor(random() * length * 8) },
    ]).flat();
  });
}

/** Damages a half-done job that was put aside, in the place where it was made, and runs it to its end. */
export async function tryDamage(folder: string, aside: string, damage: Damage): Promise<DamageOutcome> {
  restore(folder, aside);
  const path = join(folder, 'job', damage.file);
  const bytes = readFileSync(path);
  if (damage.kind === 'flip') {
    const byte = Math.floor(damage.at / 8);
    bytes[byte] = (bytes[byte] ?? 0) ^ (1 << (damage.at % 8));
  }
  writeFileSync(path, damage.kind === 'cut' ? bytes.subarray(0, damage.at) : bytes);
  return { damage, ...(await outcomeOf(folder)) };
}

async function outcomeOf(folder: string): Promise<Omit<DamageOutcome, 'damage'>> {
  try {
    const { reason, error, stats, job } = await jobCrawl({ folder });
    if (error !== undefined) throw error;
    const found = outputsOf(folder);
    if (reason !== 'finished') return { outcome: 'wrong', text: `it ended with ${reason}` };
    for (const ids of found) {
      const isExact = ids.length === EXPECTED.length && ids.every((id, at) => id === EXPECTED[at]);
      if (!isExact) return { outcome: 'wrong', text: `an output holds ${ids.length} items` };
    }
    const totals = [stats['item/scraped'], stats['page/count'], job?.dead];
    const expected = [EXPECTED.length, EXPECTED.length - 3, DEAD];
    if (totals.join() !== expected.join()) return { outcome: 'wrong', text: `totals ${totals.join()}` };
    return { outcome: 'exact', text: '' };
  } catch (error) {
    const { code = '', message } = error as Error & { readonly code?: string };
    const isClear =
      /^ERR_CRAWL_(JOB|STORE|OUTPUT|FEED)/.test(code) &&
      message.includes(folder) &&
      /repair|run the same|name another|remove|move/.test(message);
    return { outcome: isClear ? 'message' : 'wrong', text: `${code} ${message}` };
  }
}
