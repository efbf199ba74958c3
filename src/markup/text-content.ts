import { isElement, type TreeNode } from './node.ts';

/** The text of a node: for elements all text inside, comments left out. */
export function textContent(node: TreeNode): string {
  if (!('children' in node)) return node.data;
  const only = node.children[0];
  if (only === undefined) return '';
  if (only.next === null && only.type === 'text') return only.data;
  let text = '';
  for (const inner of walk(node)) if (inner.type === 'text') text += inner.data;
  return text;
}

/** The nodes below a node in document order. The tree must not change meanwhile. */
export function* walk(root: TreeNode): Generator<TreeNode, void, undefined> {
  let node: TreeNode | null = 'children' in root ? (root.children[0] ?? null) : null;
  while (node !== null) {
    yield node;
    const first: TreeNode | undefined = isElement(node) ? node.children[0] : undefined;
    if (first !== undefined) {
      node = first;
      continue;
    }
    while (node !== null && node !== root && node.next === null) node = node.parent;
    node = node === null || node === root ? null : node.next;
  }
}
