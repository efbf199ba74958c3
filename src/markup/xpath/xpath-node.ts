import { type Element, isElement, type TreeNode } from '../node.ts';
import { isDeclaration } from '../serialize.ts';
import { textContent } from '../text-content.ts';
import type { WorkBudget } from '../work-budget.ts';

/** An attribute as a node, or a namespace in scope: XPath knows both. */
export class AttributeNode {
  readonly type: 'attribute' | 'namespace';
  readonly parent: Element;
  readonly name: string;
  readonly value: string;
  /** Its place among those of the element. */
  readonly place: number;

  constructor(type: 'attribute' | 'namespace', parent: Element, name: string, value: string, place: number) {
    this.type = type;
    this.parent = parent;
    this.name = name;
    this.value = value;
    this.place = place;
  }
}

/** Any node of XPath. */
export type XPathNode = TreeNode | AttributeNode;

/** Is it an attribute or a namespace? */
export function isAttributeNode(node: XPathNode): node is AttributeNode {
  return node.type === 'attribute' || node.type === 'namespace';
}

/** The attributes of an element, declarations of namespaces left out. */
export function attributesOf(element: Element): AttributeNode[] {
  const nodes: AttributeNode[] = [];
  for (const name in element.attribs) {
    if (isDeclaration(name)) continue;
    nodes.push(new AttributeNode('attribute', element, name, element.attribs[name] ?? '', nodes.length));
  }
  return nodes;
}

/** The namespaces that hold at an element. */
export function namespacesOf(element: Element): AttributeNode[] {
  const found = new Map([['xml', 'http://www.w3.org/XML/1998/namespace']]);
  const seen = new Set<string>();
  let at: TreeNode | null = element;
  while (isElement(at)) {
    for (const name in at.attribs) {
      if (!isDeclaration(name) || seen.has(name)) continue;
      seen.add(name);
      const uri = at.attribs[name] ?? '';
      if (uri !== '') found.set(name.slice(6), uri);
    }
    at = at.parent;
  }
  return [...found].map(
    ([prefix, uri], place) => new AttributeNode('namespace', element, prefix, uri, place),
  );
}

/** The string-value of a node. */
export function stringOf(node: XPathNode, budget: WorkBudget): string {
  if (isAttributeNode(node)) return budget.read(node.value);
  if ('children' in node) budget.spend(Math.max(0, node.lastOrder - node.order));
  return budget.read(textContent(node));
}

/** Is the doctype, which XPath does not see. */
export function isHidden(node: TreeNode): boolean {
  return node.type === 'directive' && node.name === '!doctype';
}

/** Puts nodes into document order, each once. */
export function inDocumentOrder(nodes: XPathNode[]): XPathNode[] {
  for (let at = 1; at < nodes.length; at += 1) {
    const before = nodes[at - 1];
    const node = nodes[at];
    if (before !== undefined && node !== undefined && compareOrder(before, node) >= 0) return sorted(nodes);
  }
  return nodes;
}

function sorted(nodes: readonly XPathNode[]): XPathNode[] {
  const ordered = nodes.toSorted(compareOrder);
  return ordered.filter((node, at) => {
    const before = ordered[at - 1];
    return before === undefined || compareOrder(before, node) !== 0 || !isSame(before, node);
  });
}

/** Two attribute nodes may stand for one attribute. */
export function isSame(a: XPathNode, b: XPathNode): boolean {
  if (a === b) return true;
  return (
    isAttributeNode(a) &&
    isAttributeNode(b) &&
    a.parent === b.parent &&
    a.type === b.type &&
    a.name === b.name
  );
}

function compareOrder(a: XPathNode, b: XPathNode): number {
  return orderOf(a) - orderOf(b) || partOf(a) - partOf(b);
}

function orderOf(node: XPathNode): number {
  return isAttributeNode(node) ? node.parent.order : node.order;
}

// The namespaces of an element come after it, then its attributes.
function partOf(node: XPathNode): number {
  if (node.type === 'namespace') return 1 + node.place;
  return node.type === 'attribute' ? 1_000_000 + node.place : 0;
}
