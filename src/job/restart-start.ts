import { JOB_KEYS } from './job.ts';
import { ITEM_KEYS, type LogState } from './job-item-log.ts';
import { MEMORY_KEYS, SEEDS_STATE, STATES_OF_START } from './job-memory.ts';
import type { JobRecords } from './job-records.ts';

/**
 * Has the next run of a job call `start()` again, in one step. Its requests are new to the duplicate filter then
 * (a new generation), its items count from 0 again, and seeds are read from their beginning; all of it holds over
 * crashes. Gives the generation; undefined: `start()` has not ended yet and goes on anyway, its seeds from their
 * beginning and with new items.
 */
export async function restartStart(records: JobRecords): Promise<number | undefined> {
  const { journal } = records;
  if ((await journal.get(JOB_KEYS.startDone)) === undefined) {
    // Nobody knows yet whether they will be the same seeds: their items must count as new, or those of others are lost.
    const ordinal = (await records.json<LogState>(ITEM_KEYS.state))?.startOrdinals ?? 0;
    const seeds = MEMORY_KEYS.state + SEEDS_STATE;
    if ((await journal.get(seeds)) !== undefined) journal.put(seeds, JSON.stringify({ ordinal }));
    await journal.flushed();
    return undefined;
  }
  const generation = ((await records.json<number>(JOB_KEYS.startGeneration)) ?? 0) + 1;
  const log = await records.json<LogState>(ITEM_KEYS.state);
  journal.put(JOB_KEYS.startGeneration, JSON.stringify(generation));
  journal.delete(JOB_KEYS.startDone);
  journal.delete(JOB_KEYS.finish);
  for (const name of STATES_OF_START) journal.delete(MEMORY_KEYS.state + name);
  if (log !== undefined) journal.put(ITEM_KEYS.state, JSON.stringify({ ...log, startOrdinals: 0 }));
  await journal.flushed();
  return generation;
}
