import type { Element } from './node.ts';

const owners = new WeakMap<Element, Element>();

/** The elements that a form sends. */
export const CONTROL_NAMES: ReadonlySet<string> = new Set(['button', 'input', 'select', 'textarea']);

/**
 * Keeps which form a control belongs to although it is not inside of it: where tags are misnested, or a form
 * stands between the rows of a table, the parser goes by what was open in the text.
 */
export function noteParsedOwner(control: Element, form: Element): void {
  owners.set(control, form);
}

/** The form that the parser gave a control which lies outside of it. */
export function parsedOwner(control: Element): Element | undefined {
  return owners.get(control);
}
