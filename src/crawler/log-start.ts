import type { Logger } from '../contracts/logger.ts';
import type { ComponentList } from '../settings/component-list.ts';
import type { Settings } from '../settings/settings.ts';
import { COMPONENT_SETTINGS } from '../settings/settings-schema.ts';
import { withoutSecrets } from '../settings/without-secrets.ts';
import { componentNames } from './component-names.ts';

/** What a crawl begins with. */
export interface StartFacts {
  readonly settings: Settings;
  /** Where each value comes from. */
  readonly settingSources: ReadonlyMap<string, string>;
}

/** Logs which settings were given, with where, and every component in its order. For debug logs. */
export function logStart(
  logger: Logger,
  { settings, settingSources }: StartFacts,
  spiderPipelines?: ComponentList,
): void {
  if (!logger.isEnabled('debug')) return;
  const given = Object.entries(settings).filter(
    ([name]) => settingSources.get(name) !== 'default' && !COMPONENT_SETTINGS.has(name),
  );
  const shown = given.map(([name, value]) => [
    name,
    { value: withoutSecrets(name, value), source: settingSources.get(name) },
  ]);
  logger.debug('settings that were given', Object.fromEntries(shown));
  logger.debug('components', componentNames(settings, spiderPipelines));
}
