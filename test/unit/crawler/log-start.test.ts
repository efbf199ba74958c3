import { expect, it } from 'vitest';
import { logStart } from '../../../src/crawler/log-start.ts';
import { MemoryLogger } from '../../../src/logging/memory-logger.ts';
import { resolveSettings } from '../../../src/settings/resolve-settings.ts';
import { named } from '../../../src/values/named.ts';

it('shows given settings without secrets, and components with those of the spider', () => {
  const logger = new MemoryLogger();
  const { settings, sources } = resolveSettings([
    { source: 'project x', settings: { proxy: 'http://me:pw@proxy.test:8080', extensions: [] } },
  ]);
  logStart(logger, { settings, settingSources: sources }, [named('mine', () => undefined)]);
  const [given, components] = logger.records;
  expect(given?.fields).toEqual({ proxy: { value: 'http://***@proxy.test:8080/', source: 'project x' } });
  expect(components?.fields).toMatchObject({ pipelines: ['mine'], extensions: [] });
  expect(components?.fields.downloaderMiddlewares).toContain('retry');
});
