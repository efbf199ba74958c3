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

  it('leaves out what project, add-ons and spider may not give', () => {
    const seen: unknown[] = [];
    const bringing = (name: string) => ({ feeds: { [name]: {} }, maxPages: 3 });
    const { settings } = settingsOf(
      {
        settings: bringing('spider'),
        updateSettings: ({ feeds }) => {
          seen.push(feeds);
          return bringing('updated');
        },
      },
      'shop',
      {
        project: {
          source: 'project',
          settings: {
            ...bringing('project'),
            addons: [{ name: 'uploads', updateSettings: () => ({ ...bringing('add-on'), maxItems: 4 }) }],
          },
        },
        layers: [{ source: '-s', settings: { failOn: ['errors > 0'] } }],
        ignored: ['feeds', 'failOn'],
      },
    );
    expect(settings).toMatchObject({ feeds: {}, maxPages: 3, maxItems: 4, failOn: ['errors > 0'] });
    expect(seen).toEqual([{}]);
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
