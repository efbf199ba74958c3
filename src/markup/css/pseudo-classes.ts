import { isElement } from '../node.ts';
import { textContent } from '../text-content.ts';
import type { Counting } from './child-positions.ts';
import type { ElementTest } from './complex-selector.ts';

/** Pseudo-classes without an argument that are short for other selectors. */
export const ALIASES: ReadonlyMap<string, string> = new Map([
  ['any-link', ':is(a, area, link)[href]'],
  ['link', ':is(a, area, link)[href]'],
  ['checked', ':is(option[selected], input:is([type="checkbox" i], [type="radio" i])[checked])'],
  ['selected', 'option[selected]'],
  [
    'disabled',
    ':is(button, input, select, textarea, option, optgroup, fieldset)[disabled], optgroup[disabled] > option, ' +
      'fieldset[disabled] :is(button, input, select, textarea)',
  ],
  ['enabled', ':is(button, input, select, textarea, option, optgroup, fieldset):not(:disabled)'],
  ['required', ':is(input, select, textarea)[required]'],
  ['optional', ':is(input, select, textarea):not([required])'],
  ['read-only', ':is(input, textarea)[readonly]'],
  ['header', ':is(h1, h2, h3, h4, h5, h6)'],
  ['input', ':is(button, input, select, textarea)'],
  ['button', 'button, input[type="button" i]'],
  ['checkbox', 'input[type="checkbox" i]'],
  ['file', 'input[type="file" i]'],
  ['image', 'input[type="image" i]'],
  ['password', 'input[type="password" i]'],
  ['radio', 'input[type="radio" i]'],
  ['reset', 'input[type="reset" i]'],
  ['submit', ':is(button, input)[type="submit" i], button:not([type])'],
  ['text', 'input:is(:not([type]), [type="text" i])'],
  ['parent', ':not(:empty)'],
]);

const never: ElementTest = () => false;

/** Pseudo-classes without an argument. */
export const PLAIN: ReadonlyMap<string, ElementTest> = new Map<string, ElementTest>([
  ['root', ({ parent }) => !isElement(parent)],
  ['scope', (element, { scope, anchor }) => element === (anchor ?? scope)],
  [
    'empty',
    ({ children }) =>
      !children.some((child) => isElement(child) || (child.type === 'text' && child.data !== '')),
  ],
  ['first-child', nth(0, 1, { ofType: false, fromEnd: false })],
  ['last-child', nth(0, 1, { ofType: false, fromEnd: true })],
  ['first-of-type', nth(0, 1, { ofType: true, fromEnd: false })],
  ['last-of-type', nth(0, 1, { ofType: true, fromEnd: true })],
  ['only-child', both(false)],
  ['only-of-type', both(true)],
  ['visited', never],
  ['hover', never],
  ['active', never],
  ['focus', never],
  ['target', never],
]);

/** Pseudo-classes with a text or a formula as argument. Undefined: the argument can't be read. */
export const WITH_ARGUMENT: ReadonlyMap<string, (argument: string) => ElementTest | undefined> = new Map([
  ['nth-child', formula({ ofType: false, fromEnd: false })],
  ['nth-last-child', formula({ ofType: false, fromEnd: true })],
  ['nth-of-type', formula({ ofType: true, fromEnd: false })],
  ['nth-last-of-type', formula({ ofType: true, fromEnd: true })],
  ['contains', (argument: string) => contains(argument, (text) => text)],
  ['icontains', (argument: string) => contains(argument, (text) => text.toLowerCase())],
  ['lang', lang],
]);

function nth(step: number, offset: number, counting: Counting): ElementTest {
  return (element, { positions }) => {
    const beyond = positions.of(element, counting) - offset;
    return step === 0 ? beyond === 0 : beyond % step === 0 && beyond / step >= 0;
  };
}

function both(ofType: boolean): ElementTest {
  const first = nth(0, 1, { ofType, fromEnd: false });
  const last = nth(0, 1, { ofType, fromEnd: true });
  return (element, context) => first(element, context) && last(element, context);
}

const FORMULA = /^(?:([+-]?\d{0,9})n\s*(?:([+-])\s*(\d{1,9}))?|([+-]?\d{1,9}))$/;

function formula(counting: Counting): (argument: string) => ElementTest | undefined {
  return (argument) => {
    const text = argument.trim().toLowerCase();
    if (text === 'even') return nth(2, 0, counting);
    if (text === 'odd') return nth(2, 1, counting);
    const match = FORMULA.exec(text);
    if (match === null) return undefined;
    const [, step, sign, offset, only] = match;
    if (only !== undefined) return nth(0, Number(only), counting);
    const times = step === '' || step === '+' ? 1 : step === '-' ? -1 : Number(step);
    return nth(times, offset === undefined ? 0 : Number(`${sign}${offset}`), counting);
  };
}

function contains(argument: string, fold: (text: string) => string): ElementTest {
  const wanted = fold(unquoted(argument));
  return (element, { budget }) => {
    budget.spend(Math.max(0, element.lastOrder - element.order));
    return fold(budget.read(textContent(element))).includes(wanted);
  };
}

function lang(argument: string): ElementTest {
  const wanted = unquoted(argument).toLowerCase();
  return (element, { budget }) => {
    let at: typeof element | undefined = element;
    while (at !== undefined) {
      budget.spend(1);
      const value: string | undefined = at.attribs['xml:lang'] ?? at.attribs.lang;
      if (value !== undefined)
        return value.toLowerCase() === wanted || value.toLowerCase().startsWith(`${wanted}-`);
      at = isElement(at.parent) ? at.parent : undefined;
    }
    return false;
  };
}

function unquoted(text: string): string {
  const trimmed = text.trim();
  const quote = trimmed[0];
  return (quote === '"' || quote === "'") && trimmed.endsWith(quote) ? trimmed.slice(1, -1) : trimmed;
}
