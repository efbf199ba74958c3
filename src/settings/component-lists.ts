import { errorMessage } from '../errors/crawl-error.ts';
import { SettingsError } from '../errors/settings-error.ts';
import { nearest } from '../values/nearest.ts';
import type { ComponentList, ComponentListEditor, ListedFactory } from './component-list.ts';
import { isClass, makerOf } from './is-class.ts';

/** The factories of a list: the built-in ones edited, or with the listed ones behind them. */
export function applyComponentList(
  list: ComponentList,
  defaults: readonly ListedFactory[],
): readonly ListedFactory[] {
  return edited(list, new ComponentListEdit(defaults)).factories;
}

/** A list that edits what another one made. */
export function stackComponentLists(below: ComponentList, above: ComponentList): ComponentList {
  return (defaults) => edited(above, edited(below, defaults));
}

/**
 * The same list, whose faults say where it was given.
 *
 * @param place begins the messages: `spider books: pipelines`.
 */
export function placedComponentList(list: ComponentList, place: string): ComponentList {
  return (defaults) => {
    try {
      return edited(list, defaults);
    } catch (cause) {
      throw new SettingsError(`${place}: ${errorMessage(cause)}`, { cause });
    }
  };
}

/** The name that users know a component by: the factory's `componentName`, else the function's name. */
export function componentNameOf({ componentName, name }: ListedFactory): string {
  return componentName ?? name;
}

/** An ordered list of factories; every edit gives a new one. A name stands for the first of that name. */
class ComponentListEdit implements ComponentListEditor {
  readonly factories: readonly ListedFactory[];

  constructor(factories: readonly ListedFactory[]) {
    this.factories = factories;
  }

  has(name: string): boolean {
    return this.factories.some((one) => componentNameOf(one) === name);
  }

  insertBefore(name: string, factory: ListedFactory): ComponentListEdit {
    return this.#spliced(this.#indexOf(name), 0, factory);
  }

  insertAfter(name: string, factory: ListedFactory): ComponentListEdit {
    return this.#spliced(this.#indexOf(name) + 1, 0, factory);
  }

  prepend(factory: ListedFactory): ComponentListEdit {
    return this.#spliced(0, 0, factory);
  }

  append(factory: ListedFactory): ComponentListEdit {
    return this.#spliced(this.factories.length, 0, factory);
  }

  replace(name: string, factory: ListedFactory): ComponentListEdit {
    return this.#spliced(this.#indexOf(name), 1, factory);
  }

  without(...names: string[]): ComponentListEdit {
    for (const name of names) this.#indexOf(name);
    return new ComponentListEdit(this.factories.filter((one) => !names.includes(componentNameOf(one))));
  }

  #spliced(at: number, removed: number, factory: ListedFactory): ComponentListEdit {
    if (isClass(factory)) {
      throw new SettingsError(
        `a component list holds functions that make components, and no classes: write ${makerOf(factory)}`,
      );
    }
    if (typeof factory !== 'function') {
      throw new SettingsError(
        `a component list holds factories, (context) => component, so that crawls share nothing: got ${typeof factory}`,
      );
    }
    return new ComponentListEdit(this.factories.toSpliced(at, removed, factory));
  }

  #indexOf(name: string): number {
    const names = this.factories.map(componentNameOf);
    const at = names.indexOf(name);
    if (at !== -1) return at;
    const near = nearest(name, names);
    const hint =
      near.length > 0 ? `did you mean ${near.join(' or ')}?` : `there are ${names.join(', ') || 'none'}`;
    throw new SettingsError(`there is no component ${name} in the list: ${hint}`);
  }
}

function edited(list: ComponentList, editor: ComponentListEditor): ComponentListEdit {
  const answer = typeof list === 'function' ? list(editor) : appended(list, editor);
  if (answer instanceof ComponentListEdit) return answer;
  throw new SettingsError(
    'a function for a component list must return the edited list: (list) => list.without("cookies")',
  );
}

function appended(factories: readonly ListedFactory[], editor: ComponentListEditor): ComponentListEditor {
  return factories.reduce((list, factory) => list.append(factory), editor);
}
