import { describe, expect, it } from 'vitest';
import { settingsOf } from '../../../src/crawler/settings-of.ts';
import type { PartialSettings } from '../../../src/settings/settings.ts';

describe('settingsOf', () => {
  it('lays what updateSettings() gives over the spider and under the command line', () => {
    const spider = {
      settings: { maxPages: 1, maxItems: 1 },
      updateSettings: ({ maxDepth }: { maxDepth: number }, { depth }: Readonly<Record<string, unknown>>) => ({
        maxPages: 2,
        maxDepth: maxDepth + Number(depth),
        maxErrors: 2,
      }),
    };
    const { settings, sources } = settingsOf(spider, 'shop', {
      project: { source: 'project', settings: { maxDepth: 5 } },
      layers: [{ source: '-s', settings: { maxErrors: 9 } }],
      args: { depth: '3' },
    });
    expect(settings).toMatchObject({ maxPages: 2, maxItems: 1, maxDepth: 8, maxErrors: 9 });
    expect(sources.get('maxPages')).toBe('spider shop');
  });

  it('says what is wrong with it', () => {
    const of = (updateSettings: () => unknown) => () =>
      settingsOf({ updateSettings: updateSettings as () => PartialSettings }, 'shop', {});
    expect(of(() => undefined)().settings.maxPages).toBe(0);
    expect(of(async () => ({}))).toThrow(/spider shop: updateSettings\(\) must give settings, and at once/);
    expect(of(() => JSON.parse('{'))).toThrow(/spider shop: updateSettings\(\) failed: /);
    expect(of(() => ({ maxPage: 1 }))).toThrow(/maxPages/);
  });
});
