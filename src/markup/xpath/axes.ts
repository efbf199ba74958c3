import { type Element, isElement, type ParentNode, type TreeNode } from '../node.ts';
import type { Environment } from './environment.ts';
import type { Axis } from './expression.ts';
import { attributesOf, isAttributeNode, isHidden, namespacesOf, type XPathNode } from './xpath-node.ts';

/** Do the nodes of this axis come in reverse document order? */
export function isReverse(axis: Axis): boolean {
  return axis.startsWith('ancestor') || axis.startsWith('preceding');
}

/** The nodes on an axis in the order of the axis, the nearest first. */
export function nodesOn(axis: Axis, node: XPathNode, environment: Environment): readonly XPathNode[] {
  const nodes = walkAxis(axis, node, environment);
  environment.budget.spend(nodes.length + 1);
  return nodes;
}

function walkAxis(axis: Axis, node: XPathNode, environment: Environment): readonly XPathNode[] {
  switch (axis) {
    case 'self':
      return [node];
    case 'child':
      return childrenOf(node);
    case 'attribute':
      return isPlainElement(node) ? attributesOf(node) : [];
    case 'namespace':
      return isPlainElement(node) ? namespacesOf(node) : [];
    case 'parent':
      return node.parent === null ? [] : [node.parent];
    case 'ancestor':
      return ancestorsOf(node);
    case 'ancestor-or-self':
      return [node, ...ancestorsOf(node)];
    case 'descendant':
      return descendantsOf(node, environment);
    case 'descendant-or-self':
      return [node, ...descendantsOf(node, environment)];
    case 'following-sibling':
      return isAttributeNode(node) ? [] : siblingsOf(node, 'next');
    case 'preceding-sibling':
      return isAttributeNode(node) ? [] : siblingsOf(node, 'prev');
    case 'following':
      return visible(environment.index.nodes.slice(endOf(node) + 1));
    case 'preceding':
      return precedingOf(node, environment);
  }
}

function isPlainElement(node: XPathNode): node is Element {
  return !isAttributeNode(node) && isElement(node);
}

function childrenOf(node: XPathNode): readonly XPathNode[] {
  return 'children' in node ? visible(node.children) : [];
}

function visible(nodes: readonly TreeNode[]): readonly XPathNode[] {
  return nodes.some(isHidden) ? nodes.filter((node) => !isHidden(node)) : nodes;
}

function ancestorsOf(node: XPathNode): XPathNode[] {
  const ancestors: XPathNode[] = [];
  for (let at: ParentNode | null = node.parent; at !== null; at = at.parent) ancestors.push(at);
  return ancestors;
}

function descendantsOf(node: XPathNode, { index }: Environment): readonly XPathNode[] {
  return 'children' in node ? visible(index.nodes.slice(node.order + 1, node.lastOrder + 1)) : [];
}

function siblingsOf(node: TreeNode, direction: 'next' | 'prev'): readonly XPathNode[] {
  const siblings: TreeNode[] = [];
  for (let at = node[direction]; at !== null; at = at[direction]) siblings.push(at);
  return visible(siblings);
}

function precedingOf(node: XPathNode, { index }: Environment): readonly XPathNode[] {
  const owner = isAttributeNode(node) ? node.parent : node;
  const above = new Set(ancestorsOf(owner));
  const before = index.nodes.slice(0, Math.max(0, owner.order)).filter((other) => !above.has(other));
  return visible(before.reverse());
}

// What follows an attribute are the nodes inside of its element, too.
function endOf(node: XPathNode): number {
  if (isAttributeNode(node)) return node.parent.order;
  return 'children' in node ? node.lastOrder : node.order;
}
