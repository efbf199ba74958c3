import type { Stats } from '../contracts/stats.ts';
import { SettingsError } from '../errors/settings-error.ts';
import type { Settings } from '../settings/settings.ts';
import { MemoryStats } from '../stats/memory-stats.ts';

const METHODS = ['get', 'set', 'inc', 'max', 'min', 'snapshot'] as const satisfies readonly (keyof Stats)[];

/**
 * What keeps the stats of a crawl: what the setting makes, or memory.
 *
 * @throws SettingsError where it lacks a method.
 */
export function keptStats(create: Settings['createStats']): Stats {
  if (create === undefined) return new MemoryStats();
  const made = create() as Partial<Record<string, unknown>>;
  const missing = METHODS.filter((name) => typeof made?.[name] !== 'function');
  if (missing.length === 0) return made as unknown as Stats;
  throw new SettingsError(
    `createStats: what it makes lacks ${missing.map((name) => `${name}()`).join(', ')} of a Stats`,
  );
}
