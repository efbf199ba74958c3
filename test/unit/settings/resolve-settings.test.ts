import { describe, expect, it } from 'vitest';
import type { ComponentListEditor } from '../../../src/settings/component-list.ts';
import { applyComponentList, componentNameOf } from '../../../src/settings/component-lists.ts';
import { DEFAULT_SETTINGS } from '../../../src/settings/default-settings.ts';
import { resolveSettings } from '../../../src/settings/resolve-settings.ts';
import type { PartialSettings } from '../../../src/settings/settings.ts';
import { SETTINGS_SCHEMA } from '../../../src/settings/settings-schema.ts';

const resolved = (...layers: [source: string, settings: object][]) =>
  resolveSettings(layers.map(([source, settings]) => ({ source, settings: settings as PartialSettings })));
const refused = (settings: object, source = 'spider books') => {
  try {
    resolved([source, settings]);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('the settings were taken');
};

/** What people list who know Scrapy. */
class Mine {}

describe('resolveSettings', () => {
  it('gives the defaults where nothing is given', () => {
    expect(resolved().settings).toEqual(DEFAULT_SETTINGS);
  });

  it('has defaults that it would take', () => {
    for (const [name, type] of Object.entries(SETTINGS_SCHEMA))
      expect(type.fault(Reflect.get(DEFAULT_SETTINGS, name)), name).toBeUndefined();
    expect(Object.keys(DEFAULT_SETTINGS).sort()).toEqual(Object.keys(SETTINGS_SCHEMA).sort());
  });

  it('lays what add-ons bring between the defaults and all else, later ones above earlier ones', () => {
    const seen: unknown[] = [];
    const addOn = (name: string, brought: object) => ({
      name,
      updateSettings(settings: PartialSettings) {
        seen.push([settings.maxPages, settings.maxItems]);
        return brought;
      },
    });
    const { settings, sources } = resolved(
      [
        'project',
        {
          addons: [
            addOn('shop', { maxPages: 1, maxItems: 1, maxErrors: 1, pipelines: [function first() {}] }),
            addOn('more', { maxItems: 2 }),
          ],
          maxPages: 5,
          pipelines: (list: ComponentListEditor) => list.insertBefore('first', function own() {}),
        },
      ],
      ['-s', { maxErrors: 9 }],
    );
    expect(settings).toMatchObject({ maxPages: 5, maxItems: 2, maxErrors: 9 });
    expect(applyComponentList(settings.pipelines, []).map(componentNameOf)).toEqual(['own', 'first']);
    expect(seen).toEqual([
      [5, 0],
      [5, 1],
    ]);
    expect(['maxPages', 'maxItems', 'pipelines'].map((name) => sources.get(name))).toEqual([
      'project',
      'add-on more',
      'add-on shop, project',
    ]);
  });

  it.each([
    [() => ({ maxPage: 1 }), 'add-on shop: there is no setting maxPage: did you mean maxPages?'],
    [() => ({ addons: [] }), 'add-on shop: an add-on cannot bring others; list them in the project'],
    [async () => ({}), 'add-on shop: updateSettings() must give settings, and at once, no promise of them'],
    [
      () => {
        throw new Error('no key');
      },
      'add-on shop: updateSettings() failed: no key',
    ],
  ])('says which add-on is at fault', (updateSettings, message) => {
    expect(refused({ addons: [{ name: 'shop', updateSettings }] })).toContain(message);
  });

  it('takes add-ons of a class, and refuses what is none', () => {
    class Shop {
      readonly name = 'shop';
      #pages = 3;
      updateSettings() {
        return { maxPages: this.#pages };
      }
    }
    expect(resolved(['project', { addons: [new Shop()] }]).settings.maxPages).toBe(3);
    expect(refused({ addons: [{ name: 'shop' }] })).toMatch(
      /addons\[0\] must be add-ons, objects with a name/,
    );
  });

  it('lets later layers win, and knows where each value comes from', () => {
    const { settings, sources } = resolved(
      ['project', { maxPages: 5, retryTimes: 4 }],
      ['-s', { maxPages: 9, maxItems: undefined }],
    );
    expect(settings).toMatchObject({ maxPages: 9, retryTimes: 4, maxItems: 0 });
    expect([sources.get('maxPages'), sources.get('retryTimes'), sources.get('maxItems')]).toEqual([
      '-s',
      'project',
      'default',
    ]);
  });

  it('freezes all the way down, and copies what it was given', () => {
    const given = { hostLimits: { 'a.test': { concurrency: 2 } } };
    const { settings } = resolved(['project', given]);
    given.hostLimits['a.test'].concurrency = 9;
    expect(settings.hostLimits['a.test']).toEqual({ concurrency: 2 });
    expect(Object.isFrozen(settings.hostLimits['a.test'])).toBe(true);
  });

  it('stacks edits of component lists', () => {
    const named = (componentName: string) => Object.assign(() => undefined, { componentName });
    const { settings, sources } = resolved(
      ['project', { pipelines: [named('a')] }],
      ['spider books', { pipelines: (list: { prepend(one: unknown): unknown }) => list.prepend(named('b')) }],
    );
    expect(applyComponentList(settings.pipelines, []).map(componentNameOf)).toEqual(['b', 'a']);
    expect(sources.get('pipelines')).toBe('project, spider books');
  });

  it.each([
    [{ maxPage: 3 }, 'spider books: there is no setting maxPage: did you mean maxPages?'],
    [{ DOWNLOAD_DELAY: 1 }, 'it is downloadDelayMs here (milliseconds here, seconds in Scrapy)'],
    [{ __proto__: null, constructor: 1 }, 'there is no setting constructor'],
    [{ maxPages: '5' }, 'spider books: maxPages must be a whole number from 0, got "5"'],
    [{ maxPages: -1 }, 'maxPages must be a whole number from 0, got -1'],
    [{ concurrentRequests: 0 }, 'concurrentRequests must be a whole number from 1, got 0'],
    [{ downloadDelayMs: 'fast' }, 'downloadDelayMs must be one of auto or a number from 0, got "fast"'],
    [{ retryStatuses: [500, 'x'] }, 'retryStatuses[1] must be a whole number from 100 to 599, got "x"'],
    [
      { hostLimits: { 'a.test': { delay: 5 } } },
      'hostLimits["a.test"].delay must be one of concurrency, delayMs, minDelayMs, randomizeDelay, ratePerMinute, burst (did you mean delayMs?), got 5',
    ],
    [{ feeds: { 'x.csv': { feilds: [] } } }, 'feeds["x.csv"].feilds must be one of format'],
    [{ pipelines: [{ name: 'mine' }] }, 'pipelines[0] must be a factory'],
    [{ extensions: { 'x.Mine': 300 } }, 'extensions must be a list of functions that make components'],
    [{ pipelines: [Mine] }, 'pipelines[0] must be a function: write () => new Mine(), got the class Mine'],
    [{ spiderMiddlewares: Mine }, 'spiderMiddlewares must be a list: [() => new Mine()], got the class Mine'],
    [
      { httpAuth: { user: 'u', password: 'hunter2', origin: 'nowhere' } },
      'httpAuth.origin must be an origin',
    ],
    [{ userAgent: 'a\r\nX: b' }, 'userAgent must be a text of one line'],
  ])('refuses %j', (settings, message) => {
    expect(refused(settings)).toContain(message);
  });

  it.each<[object]>([
    [{ httpAuth: { user: 'u', password: 'hunter2' } }],
    [{ httpAuth: { user: 'u', pasword: 'hunter2', origin: 'https://a.test' } }],
    [{ httpAuth: 'u:hunter2' }],
    [{ proxy: 'ftp://u:hunter2@host' }],
    [{ proxy: 'ftp://u:hunter2/2@host' }],
    [{ proxy: 'u:hunter2@host:8080' }],
    [{ defaultHeaders: { Cookie: ['sid=hunter2'] } }],
  ])('shows no secrets in messages: %j', (settings) => {
    expect(refused(settings)).not.toContain('hunter2');
  });

  it('says who gave a component list whose edit fails', () => {
    const { settings } = resolved([
      'spider books',
      { downloaderMiddlewares: (list: { without(name: string): unknown }) => list.without('retri') },
    ]);
    expect(() => applyComponentList(settings.downloaderMiddlewares, [])).toThrow(
      'spider books: downloaderMiddlewares: there is no component retri in the list',
    );
  });
});
