import { type Document, type Element, isElement } from './node.ts';
import { CONTROL_NAMES, parsedOwner } from './parsed-owner.ts';
import { indexFor, type TreeIndex } from './tree-index.ts';

/** A control of a page and what decides whether it is sent. */
export interface FormControl {
  readonly element: Element;
  /** The form that it belongs to, which need not be around it. */
  readonly form: Element | undefined;
  /** By its own attribute or a fieldset around it. */
  readonly disabled: boolean;
  /** Inside a `datalist`: a suggestion, never sent. */
  readonly isSuggestion: boolean;
}

/** What holds inside an element, up to the node with the number `last`. */
interface Surroundings {
  readonly last: number;
  readonly form: Element | undefined;
  readonly disabled: boolean;
  readonly isSuggestion: boolean;
  /** For a disabled fieldset: its first legend, which it does not disable, is still to come. */
  awaitsLegend: boolean;
}

/**
 * The buttons, inputs, selects and textareas of a page in document order, each with its form by the rules of
 * HTML: the one that its `form` attribute names, else the one around it, else the one that the parser gave it.
 */
export function formControls(document: Document): FormControl[] {
  const index = indexFor(document);
  const open: Surroundings[] = [
    { last: Infinity, form: undefined, disabled: false, isSuggestion: false, awaitsLegend: false },
  ];
  const controls: FormControl[] = [];
  for (const element of index.elements) {
    while ((open.at(-1)?.last ?? Infinity) < element.order) open.pop();
    const around = open.at(-1);
    if (around === undefined) break;
    if (CONTROL_NAMES.has(element.name)) controls.push(controlIn(element, around, index));
    else {
      const inner = surroundingsIn(element, around, open.at(-2));
      if (inner !== undefined) open.push(inner);
    }
  }
  return controls;
}

function controlIn(element: Element, around: Surroundings, index: TreeIndex): FormControl {
  const { form: id } = element.attribs;
  return {
    element,
    form: id === undefined ? (around.form ?? parsedOwner(element)) : formWithId(id, index),
    disabled: around.disabled || 'disabled' in element.attribs,
    isSuggestion: around.isSuggestion,
  };
}

function surroundingsIn(
  element: Element,
  around: Surroundings,
  beyond: Surroundings | undefined,
): Surroundings | undefined {
  const inner = { ...around, last: element.lastOrder, awaitsLegend: false };
  switch (element.name) {
    case 'form':
      return { ...inner, form: element };
    case 'template':
      return { ...inner, form: undefined };
    case 'datalist':
      return { ...inner, isSuggestion: true };
    case 'fieldset':
      return 'disabled' in element.attribs ? { ...inner, disabled: true, awaitsLegend: true } : inner;
    case 'legend': {
      if (!around.awaitsLegend || !isDisabledFieldset(element.parent)) return undefined;
      around.awaitsLegend = false;
      return { ...inner, disabled: beyond?.disabled ?? false };
    }
    default:
      return undefined;
  }
}

function isDisabledFieldset(node: Element['parent']): boolean {
  return isElement(node) && node.name === 'fieldset' && 'disabled' in node.attribs;
}

function formWithId(id: string, index: TreeIndex): Element | undefined {
  const [first] = index.withId(id);
  return first?.name === 'form' ? first : undefined;
}
