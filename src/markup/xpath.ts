import type { Document, Element } from './node.ts';
import { isElement } from './node.ts';
import { QueryCache } from './query-cache.ts';
import { indexAround } from './tree-index.ts';
import { WorkBudget } from './work-budget.ts';
import { compileXPath } from './xpath/compile.ts';
import { parseXPath } from './xpath/parse-xpath.ts';
import type { Value } from './xpath/values.ts';

export { AttributeNode, isAttributeNode, type XPathNode } from './xpath/xpath-node.ts';
export type XPathResult = Value;

/** A value for a variable in a query. */
export type XPathVariable = string | number | boolean;

/** What a query may refer to besides the page. */
export interface EvaluateXPathOptions {
  /** What prefixes stand for. One that is not given is what the document declares it to be where the query begins. */
  readonly namespaces?: ReadonlyMap<string, string> | undefined;
  readonly variables?: ReadonlyMap<string, XPathVariable> | undefined;
}

const NO_VARIABLES: ReadonlyMap<string, XPathVariable> = new Map();
const BUILT_IN: ReadonlyMap<string, string> = new Map([
  ['xml', 'http://www.w3.org/XML/1998/namespace'],
  ['re', 'http://exslt.org/regular-expressions'],
  ['set', 'http://exslt.org/sets'],
]);
const htmlQueries = new QueryCache((query) => compileXPath(parseXPath(query), query, true));
const xmlQueries = new QueryCache((query) => compileXPath(parseXPath(query), query, false));

/**
 * Evaluates an XPath 1.0 expression at a node, with `has-class()`, and `re:test`, `re:match`, `re:replace` and
 * the set functions of EXSLT. In HTML names have no case and no namespace. Throws {@link SelectorError} when the
 * query can't be read, asks for what does not exist, or costs too much on this page.
 */
export function evaluateXPath(
  query: string,
  node: Element | Document,
  document: Document,
  { namespaces, variables = NO_VARIABLES }: EvaluateXPathOptions = {},
): XPathResult {
  const compiled = (document.kind === 'xml' ? xmlQueries : htmlQueries).get(query);
  const environment = {
    query,
    document,
    index: indexAround(node, document),
    budget: new WorkBudget(query),
    variables,
    namespaceOf: (prefix: string) =>
      namespaces?.get(prefix) ?? BUILT_IN.get(prefix) ?? declaredAt(node, prefix),
  };
  return compiled.evaluate({ node, position: 1, size: 1, environment });
}

/** The declaration that is in scope at a node; at the top of a document that of its root element. */
function declaredAt(node: Element | Document, prefix: string): string | undefined {
  const name = `xmlns:${prefix}`;
  const first = node.type === 'root' ? node.children.find(isElement) : node;
  for (let at: Element | Document | null | undefined = first; at; at = at.parent) {
    if (at.type === 'root') return at.around?.get(prefix);
    const declared = at.attribs[name];
    if (declared !== undefined) return declared;
  }
  return undefined;
}
