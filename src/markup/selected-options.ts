import { type Element, isElement } from './node.ts';
import { textContent, walk } from './text-content.ts';

interface Option {
  readonly element: Element;
  readonly disabled: boolean;
}

/**
 * The values that a `select` sends. One that shows a single line and has no option selected takes the first that
 * is not disabled; of several selected ones the last counts unless it is `multiple`.
 */
export function selectedOptions(select: Element): string[] {
  const options = optionsOf(select);
  const marked = options.filter(({ element }) => 'selected' in element.attribs);
  if ('multiple' in select.attribs) return valuesOf(marked);
  const last = marked.at(-1);
  if (last !== undefined) return valuesOf([last]);
  const first = options.find(({ disabled }) => !disabled);
  return first === undefined || Number.parseInt(select.attribs.size ?? '1', 10) > 1 ? [] : valuesOf([first]);
}

function optionsOf(select: Element): Option[] {
  const options: Option[] = [];
  for (const node of walk(select)) {
    if (!isElement(node) || node.name !== 'option') continue;
    const { parent } = node;
    const inDisabledGroup = isElement(parent) && parent.name === 'optgroup' && 'disabled' in parent.attribs;
    options.push({ element: node, disabled: inDisabledGroup || 'disabled' in node.attribs });
  }
  return options;
}

function valuesOf(options: readonly Option[]): string[] {
  return options
    .filter(({ disabled }) => !disabled)
    .map(({ element }) => element.attribs.value ?? tidyText(textContent(element)));
}

function tidyText(text: string): string {
  return text.replace(/[\t\n\f\r ]+/g, ' ').replace(/^ | $/g, '');
}
