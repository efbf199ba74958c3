import { describe, expect, it } from 'vitest';
import type { ComponentList } from '../../../src/settings/component-list.ts';
import {
  applyComponentList,
  componentNameOf,
  stackComponentLists,
} from '../../../src/settings/component-lists.ts';
import { named } from '../../../src/values/named.ts';

const factory = (name: string) => named(name, () => ({ name }));
const DEFAULTS = [factory('retry'), factory('redirect'), factory('cookies')];
const names = (list: ComponentList): string[] => applyComponentList(list, DEFAULTS).map(componentNameOf);

describe('component lists', () => {
  it.each<[string, ComponentList, string[]]>([
    ['appends an array', [factory('mine')], ['retry', 'redirect', 'cookies', 'mine']],
    [
      'inserts before',
      (list) => list.insertBefore('redirect', factory('mine')),
      ['retry', 'mine', 'redirect', 'cookies'],
    ],
    [
      'inserts after',
      (list) => list.insertAfter('redirect', factory('mine')),
      ['retry', 'redirect', 'mine', 'cookies'],
    ],
    ['replaces', (list) => list.replace('retry', factory('mine')), ['mine', 'redirect', 'cookies']],
    [
      'adds what is not there',
      (list) => (list.has('retry') && !list.has('mine') ? list.append(factory('mine')) : list),
      ['retry', 'redirect', 'cookies', 'mine'],
    ],
    ['leaves out', (list) => list.without('retry', 'cookies'), ['redirect']],
    [
      'prepends and appends',
      (list) => list.prepend(factory('a')).append(factory('z')),
      ['a', 'retry', 'redirect', 'cookies', 'z'],
    ],
  ])('%s', (_what, list, wanted) => {
    expect(names(list)).toEqual(wanted);
  });

  it('edits what another list made', () => {
    const list = stackComponentLists([factory('mine')], (below) => below.without('mine', 'retry'));
    expect(names(list)).toEqual(['redirect', 'cookies']);
  });

  it('changes no list that it edits', () => {
    names((list) => list.without('retry'));
    expect(names([])).toEqual(['retry', 'redirect', 'cookies']);
  });

  it('names the nearest component to an unknown one', () => {
    expect(() => names((list) => list.without('retri'))).toThrow(
      'no component retri in the list: did you mean retry?',
    );
  });

  it('refuses components and classes instead of factories, and functions that return no list', () => {
    class Mine {}
    expect(() => names((list) => list.append(Mine as never))).toThrow('write () => new Mine()');
    expect(() => names((list) => list.append({ name: 'mine' } as never))).toThrow('holds factories');
    expect(() => names((() => undefined) as never)).toThrow('must return the edited list');
  });
});
