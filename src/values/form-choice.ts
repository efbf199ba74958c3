import { FormError } from '../errors/form-error.ts';
import type { FormControl } from '../markup/form-controls.ts';
import { isSubmitButton } from '../markup/form-entries.ts';
import { type Document, type Element, isElement, type TreeNode } from '../markup/node.ts';
import type { Selector } from '../markup/selector.ts';
import { indexFor } from '../markup/tree-index.ts';

/** Which form of a page is meant. Asked in this order: name, id, CSS or XPath, number. */
export interface FormChoice {
  /** The form, or something inside of it, as a query has found it. */
  readonly form?: Selector;
  /** Its `name`. */
  readonly formName?: string;
  /** Its `id`. */
  readonly formId?: string;
  /** A query for the form or for something inside of it; the first result counts. */
  readonly formCss?: string;
  /** As `formCss`, by XPath. */
  readonly formXpath?: string;
  /** Its place on the page, from 0; with a name or an id it is what is taken when they find none. @defaultValue `0` without another choice */
  readonly formNumber?: number;
}

/** Which button of the form is clicked: it must be the only one that fits all that is said. */
export interface ButtonChoice {
  readonly name?: string;
  readonly value?: string;
  readonly id?: string;
  /** A query for the button. */
  readonly css?: string;
  /** Its place among the buttons that submit the form, from 0. */
  readonly index?: number;
  /** Its place among all controls of the form, from 0, as Scrapy counts; goes before all else. */
  readonly nr?: number;
  /** Where an image button is clicked, in pixels. @defaultValue `0` */
  readonly x?: number;
  /** @defaultValue `0` */
  readonly y?: number;
}

/** A parsed page with its forms. */
export interface FormsOfPage {
  readonly url: string;
  readonly root: Selector;
  readonly document: Document;
  readonly controls: readonly FormControl[];
}

const MOST_SHOWN = 10;
const LONGEST_SHOWN = 60;

/** The form that is meant. @throws FormError when there is none. */
export function chooseForm(page: FormsOfPage, choice: FormChoice): Element {
  const forms = indexFor(page.document).named('form');
  const { formName, formId, formCss, formXpath, formNumber } = choice;
  const byName = formName === undefined ? undefined : forms.find(({ attribs }) => attribs.name === formName);
  const byId = formId === undefined ? undefined : forms.find(({ attribs }) => attribs.id === formId);
  const found = byName ?? byId ?? byQuery(page, choice);
  if (found !== undefined) return found;
  const isQueried = 'form' in choice || formCss !== undefined || formXpath !== undefined;
  const isNamed = formName !== undefined || formId !== undefined;
  const numbered = isQueried || (isNamed && formNumber === undefined) ? undefined : forms[formNumber ?? 0];
  if (numbered !== undefined) return numbered;
  throw new FormError(page.url, 'no-form', `${sought(choice)}: ${shown('form', forms, 'the page')}`);
}

function byQuery(page: FormsOfPage, { form, formCss, formXpath }: FormChoice): Element | undefined {
  const found =
    form ??
    (formCss !== undefined ? page.root.css(formCss).at(0) : undefined) ??
    (formXpath !== undefined ? page.root.xpath(formXpath).at(0) : undefined);
  if (found === undefined || !found.isElement) return undefined;
  const control = page.controls.find(({ element }) => element === found.root);
  if (control !== undefined) return control.form;
  let node: TreeNode | null = found.root as TreeNode;
  while (node !== null && !(isElement(node) && node.name === 'form')) node = node.parent;
  return node ?? undefined;
}

function sought({ formName, formId, formCss, formXpath, formNumber }: FormChoice): string {
  const by = [
    formName !== undefined && `name ${JSON.stringify(formName)}`,
    formId !== undefined && `id ${JSON.stringify(formId)}`,
    formCss !== undefined && `CSS ${JSON.stringify(formCss)}`,
    formXpath !== undefined && `XPath ${JSON.stringify(formXpath)}`,
    formNumber !== undefined && `number ${formNumber}`,
  ].filter((part) => part !== false);
  return by.length === 0 ? 'no form' : `no form by ${by.join(', ')}`;
}

/**
 * The button that is clicked: the one chosen, else the first that is not disabled. Undefined when the form has
 * none and none was asked for.
 *
 * @throws FormError when no button fits, or several.
 */
export function chooseButton(
  page: FormsOfPage,
  controls: readonly FormControl[],
  choice: ButtonChoice | undefined,
): Element | undefined {
  const buttons = controls.filter(({ element }) => isSubmitButton(element));
  if (choice === undefined) return buttons.find(({ disabled }) => !disabled)?.element;
  const { nr, index } = choice;
  const all = buttons.map(({ element }) => element);
  const numbered = nr === undefined ? undefined : controls[nr]?.element;
  if (numbered !== undefined && all.includes(numbered)) return numbered;
  const candidates = index === undefined ? all : all.slice(index < 0 ? all.length : index, index + 1);
  const fitting = nr === undefined ? candidates.filter((element) => fits(element, page, choice)) : [];
  const [first] = fitting;
  if (first !== undefined && fitting.length === 1) return first;
  const { x: _x, y: _y, ...asked } = choice;
  const wanted = JSON.stringify(asked);
  if (first !== undefined) {
    throw new FormError(
      page.url,
      'several-buttons',
      `${fitting.length} buttons fit ${wanted}, say more: ${shown('button', fitting, 'they')}`,
    );
  }
  throw new FormError(page.url, 'no-button', `no button fits ${wanted}: ${shown('button', all, 'the form')}`);
}

function fits(element: Element, { root }: FormsOfPage, { name, value, id, css }: ButtonChoice): boolean {
  const { attribs } = element;
  return (
    (name === undefined || attribs.name === name) &&
    (value === undefined || (attribs.value ?? '') === value) &&
    (id === undefined || attribs.id === id) &&
    (css === undefined || root.css(css).filter((one) => one.root === element).length > 0)
  );
}

function shown(what: string, elements: readonly Element[], where: string): string {
  if (elements.length === 0) return `${where} has none`;
  const list = elements.slice(0, MOST_SHOWN).map(({ attribs }, at) => {
    const facts = ['id', 'name', 'value', 'action'].flatMap((key) => {
      const value = attribs[key];
      return value === undefined ? [] : [`${key}=${JSON.stringify(value.slice(0, LONGEST_SHOWN))}`];
    });
    return [`${what} ${at}`, ...facts].join(' ');
  });
  const more = elements.length > MOST_SHOWN ? ` and ${elements.length - MOST_SHOWN} more` : '';
  return `${where} ${where === 'they' ? 'are' : 'has'} ${list.join(', ')}${more}`;
}
