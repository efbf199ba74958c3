import type { FormControl } from './form-controls.ts';
import type { Element } from './node.ts';
import { selectedOptions } from './selected-options.ts';
import { textContent } from './text-content.ts';
import { trimCharacters } from './trim-characters.ts';

/** One name with its value, as a form sends it. */
export interface FormEntry {
  readonly name: string;
  readonly value: string;
  /** Of a file input for which no file was chosen. */
  readonly isFile?: true;
}

/** The button that submits a form, and where an image was clicked. */
export interface Submitter {
  readonly element: Element;
  readonly x: number;
  readonly y: number;
}

const ONE_LINE: ReadonlySet<string> = new Set(['email', 'password', 'search', 'tel', 'text', 'url']);
const TRIMMED: ReadonlySet<string> = new Set(['email', 'url']);
const SUBMITS: ReadonlySet<string> = new Set(['image', 'submit']);
const INPUT_TYPES: ReadonlySet<string> = new Set(
  'button checkbox color date datetime-local email file hidden image month number password radio range reset search submit tel text time url week'.split(
    ' ',
  ),
);

/** The type of an input or a button; for other elements their name. */
export function controlType({ name, attribs }: Element): string {
  const type = attribs.type?.toLowerCase() ?? '';
  if (name === 'button') return type === 'button' || type === 'reset' ? type : 'submit';
  if (name !== 'input') return name;
  return INPUT_TYPES.has(type) ? type : 'text';
}

/** Whether a click on it submits its form. */
export function isSubmitButton(element: Element): boolean {
  return SUBMITS.has(controlType(element));
}

/**
 * What the controls of one form send, in document order: HTML's "constructing the entry list".
 *
 * @see https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#constructing-the-form-data-set
 */
export function formEntries(
  controls: readonly FormControl[],
  submitter: Submitter | undefined,
  encoding: string,
): FormEntry[] {
  const checkedRadios = new Map<string, Element>();
  for (const { element } of controls) {
    if (controlType(element) === 'radio' && 'checked' in element.attribs) {
      checkedRadios.set(element.attribs.name ?? '', element);
    }
  }
  return controls.flatMap(({ element, disabled, isSuggestion }) => {
    if (disabled || isSuggestion) return [];
    if (controlType(element) === 'radio' && checkedRadios.get(element.attribs.name ?? '') !== element)
      return [];
    return entriesOf(element, submitter, encoding);
  });
}

function entriesOf(element: Element, submitter: Submitter | undefined, encoding: string): FormEntry[] {
  const { name = '', value } = element.attribs;
  const type = controlType(element);
  if (type === 'image') return submitter?.element === element ? clickedPoint(name, submitter) : [];
  if (name === '') return [];
  switch (type) {
    case 'button':
    case 'reset':
      return [];
    case 'submit':
      return submitter?.element === element ? [{ name, value: value ?? '' }] : [];
    case 'checkbox':
    case 'radio':
      return 'checked' in element.attribs ? [{ name, value: value ?? 'on' }] : [];
    case 'select':
      return selectedOptions(element).map((selected) => ({ name, value: selected }));
    case 'textarea':
      return [{ name, value: textContent(element) }];
    case 'file':
      return [{ name, value: '', isFile: true }];
    case 'hidden':
      return [{ name, value: name.toLowerCase() === '_charset_' ? encoding : (value ?? '') }];
    default:
      return [{ name, value: typedValue(type, value ?? '') }];
  }
}

function clickedPoint(name: string, { x, y }: Submitter): FormEntry[] {
  const prefix = name === '' ? '' : `${name}.`;
  return [
    { name: `${prefix}x`, value: String(x) },
    { name: `${prefix}y`, value: String(y) },
  ];
}

/** The value as the input would hold it. */
function typedValue(type: string, value: string): string {
  if (type === 'color') return /^#[0-9a-f]{6}$/i.test(value) ? value.toLowerCase() : '#000000';
  if (!ONE_LINE.has(type)) return value;
  const line = value.replace(/[\n\r]/g, '');
  return TRIMMED.has(type) ? trimCharacters(line, '\t\f ') : line;
}
