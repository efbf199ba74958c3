import { ChildPositions } from './css/child-positions.ts';
import { type MatchContext, matches, selectInside } from './css/complex-selector.ts';
import { attributeOf, type CssGroup, parseCss } from './css/parse-css.ts';
import { type Document, type Element, isElement } from './node.ts';
import { QueryCache } from './query-cache.ts';
import { indexAround } from './tree-index.ts';
import { WorkBudget } from './work-budget.ts';

/** What a CSS query finds: elements, or the strings that `::text` and `::attr()` ask for. */
export type CssResult = Element | string;

/** The namespaces that prefixes in a query stand for. */
export type Namespaces = ReadonlyMap<string, string>;

const NO_NAMESPACES: Namespaces = new Map();
const htmlQueries = new QueryCache((query) => parseCss(query, false));
const xmlQueries = new QueryCache((query) => parseCss(query, true));

/**
 * What a query finds at and inside of a node, in document order. Nothing above the node counts for it. A prefix
 * as in `dc|creator` that `namespaces` lacks is the one written in the document. Throws {@link SelectorError}
 * when the query can't be read, or costs too much on this page.
 */
export function selectCss(
  query: string,
  scope: Element | Document,
  document: Document,
  namespaces: Namespaces = NO_NAMESPACES,
): CssResult[] {
  const groups = (document.kind === 'xml' ? xmlQueries : htmlQueries).get(query);
  const index = indexAround(scope, document);
  const budget = new WorkBudget(query);
  const positions = new ChildPositions(index, budget);
  const context: MatchContext = { scope, index, budget, positions, namespaces };
  const found = new Found();
  for (const group of groups) collect(group, context, found);
  return found.inOrder();
}

function collect({ selector, wanted }: CssGroup, context: MatchContext, found: Found): void {
  const elements = selectWithScope(selector, context);
  if (wanted.what === 'element') {
    for (const element of elements) if (isElement(element)) found.add(element.order, 0, element);
  } else if (wanted.deep) {
    collectDeep(elements, wanted, context, found);
  } else {
    for (const element of elements) collectFrom(element, wanted, found);
  }
}

/** Elements that match, the scope among them. Without a selector it is the scope alone. */
function selectWithScope(
  selector: CssGroup['selector'],
  context: MatchContext,
): readonly (Element | Document)[] {
  const { scope } = context;
  if (selector.length === 0) return [scope];
  const inner = selectInside(selector, context);
  return isElement(scope) && matches(scope, selector, context) ? [scope, ...inner] : inner;
}

type WantedString = Exclude<CssGroup['wanted'], { what: 'element' }>;

function collectFrom(node: Element | Document, { what, name }: WantedString, found: Found): void {
  if (what === 'text') {
    for (const child of node.children) if (child.type === 'text') found.add(child.order, 0, child.data);
  } else if (isElement(node)) {
    const value = attributeOf(node, name);
    // Two groups may ask for two attributes of one element: they come in the order of the element's attributes.
    if (value !== undefined) found.add(node.order, 1 + Object.keys(node.attribs).indexOf(name), value);
  }
}

function collectDeep(
  elements: readonly (Element | Document)[],
  wanted: WantedString,
  { index, budget }: MatchContext,
  found: Found,
): void {
  let done = -2;
  for (const element of elements) {
    if (element.order <= done) continue;
    done = element.lastOrder;
    budget.spend(done - element.order);
    collectFrom(element, wanted, found);
    for (let at = element.order + 1; at <= done; at += 1) {
      const node = index.nodes[at];
      if (isElement(node)) collectFrom(node, wanted, found);
    }
  }
}

/** What was found, with its place in the document. */
class Found {
  readonly #results: { order: number; part: number; value: CssResult }[] = [];
  #isInOrder = true;

  add(order: number, part: number, value: CssResult): void {
    const last = this.#results[this.#results.length - 1];
    if (last !== undefined && (order < last.order || (order === last.order && part <= last.part))) {
      this.#isInOrder = false;
    }
    this.#results.push({ order, part, value });
  }

  inOrder(): CssResult[] {
    const results = this.#results;
    if (this.#isInOrder) return results.map(({ value }) => value);
    results.sort((a, b) => a.order - b.order || a.part - b.part);
    return results.flatMap(({ order, part, value }, at) => {
      const before = results[at - 1];
      return before !== undefined && before.order === order && before.part === part ? [] : [value];
    });
  }
}
