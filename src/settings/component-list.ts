/** A component's factory as a list holds it; `componentName` is what users name it by. Checked when it is called. */
export type ListedFactory = ((context: never) => unknown) & { readonly componentName?: string };

/** An ordered list of component factories that is edited by name; every edit gives a new list. */
export interface ComponentListEditor {
  /** Whether there is a component of that name: `list.has('mine') ? list : list.append(mine())`. */
  has(name: string): boolean;
  /** Puts a component before the named one. @throws SettingsError when there is none of that name. */
  insertBefore(name: string, factory: ListedFactory): ComponentListEditor;
  /** Puts a component after the named one. @throws SettingsError when there is none of that name. */
  insertAfter(name: string, factory: ListedFactory): ComponentListEditor;
  /** Puts a component first. */
  prepend(factory: ListedFactory): ComponentListEditor;
  /** Puts a component last. */
  append(factory: ListedFactory): ComponentListEditor;
  /** Puts a component in the named one's place. @throws SettingsError when there is none of that name. */
  replace(name: string, factory: ListedFactory): ComponentListEditor;
  /** Leaves components out. @throws SettingsError when there is none of a name. */
  without(...names: string[]): ComponentListEditor;
}

/** An edit of the built-in list, or components that are added at its end. */
export type ComponentList =
  | readonly ListedFactory[]
  | ((defaults: ComponentListEditor) => ComponentListEditor);
