import { type ChildNode, type Element, isElement, type ParentNode, type TreeNode } from './node.ts';

const HTML = 'http://www.w3.org/1999/xhtml';
const NONE: readonly Element[] = Object.freeze([]);

/**
 * The nodes of a tree in document order, with the elements by name, class and id. Made in one pass at the first
 * query; the lists of classes and ids when first asked for.
 */
export class TreeIndex {
  readonly root: ParentNode;
  /** All nodes below the root in document order: `node.order` is the place of each. */
  readonly nodes: readonly ChildNode[];
  /** All elements in document order. */
  readonly elements: readonly Element[];
  readonly #isHtml: boolean;
  readonly #byName = new Map<string, Element[]>();
  #byClass: Map<string, Element[]> | undefined;
  #byId: Map<string, Element[]> | undefined;

  constructor(root: ParentNode) {
    const nodes: ChildNode[] = [];
    const elements: Element[] = [];
    this.root = root;
    this.#isHtml = !('kind' in root) || root.kind === 'html';
    root.order = -1;
    let node: TreeNode | null = root.children[0] ?? null;
    while (node !== null) {
      node.order = nodes.length;
      nodes.push(node as ChildNode);
      if (isElement(node)) {
        elements.push(node);
        add(this.#byName, this.nameOf(node), node);
        const first: ChildNode | undefined = node.children[0];
        if (first !== undefined) {
          node = first;
          continue;
        }
        node.lastOrder = node.order;
      }
      while (node !== null && node !== root && node.next === null) {
        node = node.parent;
        if (node !== null) (node as ParentNode).lastOrder = nodes.length - 1;
      }
      node = node === null || node === root ? null : node.next;
    }
    root.lastOrder = nodes.length - 1;
    this.nodes = nodes;
    this.elements = elements;
  }

  /** Is the node where this index says? Not if the tree has been changed since, or the node was taken out. */
  has(node: TreeNode): boolean {
    return this.nodes[node.order] === node;
  }

  /** The name an element is found by: in HTML the elements of SVG are, too, by their names in lower case. */
  nameOf({ name, namespace }: Element): string {
    return this.#isHtml && namespace !== HTML ? name.toLowerCase() : name;
  }

  /** The elements of this name. */
  named(name: string): readonly Element[] {
    return this.#byName.get(name) ?? NONE;
  }

  /** All names of elements in the tree. */
  names(): IterableIterator<string> {
    return this.#byName.keys();
  }

  /** The elements with this word in their `class`. */
  withClass(name: string): readonly Element[] {
    this.#byClass ??= indexClasses(this.elements);
    return this.#byClass.get(name) ?? NONE;
  }

  /** The elements with this `id`: a page may use one several times. */
  withId(id: string): readonly Element[] {
    this.#byId ??= indexIds(this.elements);
    return this.#byId.get(id) ?? NONE;
  }
}

const indexes = new WeakMap<ParentNode, TreeIndex>();

/** The index of the tree under a node, made anew when the tree has changed. */
export function indexFor(root: ParentNode): TreeIndex {
  const known = indexes.get(root);
  if (known !== undefined) return known;
  const index = new TreeIndex(root);
  indexes.set(root, index);
  return index;
}

/** The index of the tree a node is in, which usually is that of its document. */
export function indexAround(node: ParentNode, document: ParentNode): TreeIndex {
  const index = indexFor(document);
  return node === document || index.has(node) ? index : indexFor(topOf(node));
}

/** To be called when the tree that a node is in has been changed. */
export function forgetIndex(node: ParentNode): void {
  indexes.delete(topOf(node));
}

/** The top of the tree a node is in. */
function topOf(node: ParentNode): ParentNode {
  let top = node;
  while (top.parent !== null) top = top.parent;
  return top;
}

/** Those of a list in document order that are inside a node, the node itself not counted. */
export function inside(elements: readonly Element[], scope: ParentNode): readonly Element[] {
  if (scope.parent === null) return elements;
  const from = firstAfter(elements, scope.order);
  const to = firstAfter(elements, scope.lastOrder);
  return from === 0 && to === elements.length ? elements : elements.slice(from, to);
}

function firstAfter(elements: readonly Element[], order: number): number {
  let low = 0;
  let high = elements.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((elements[middle]?.order ?? 0) <= order) low = middle + 1;
    else high = middle;
  }
  return low;
}

function add(map: Map<string, Element[]>, key: string, element: Element): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [element]);
  else list.push(element);
}

function indexClasses(elements: readonly Element[]): Map<string, Element[]> {
  const byClass = new Map<string, Element[]>();
  for (const element of elements) {
    const value = element.attribs.class;
    if (value === undefined) continue;
    for (const name of wordsOf(value)) {
      const list = byClass.get(name);
      if (list === undefined) byClass.set(name, [element]);
      else if (list[list.length - 1] !== element) list.push(element);
    }
  }
  return byClass;
}

function indexIds(elements: readonly Element[]): Map<string, Element[]> {
  const byId = new Map<string, Element[]>();
  for (const element of elements) {
    const { id } = element.attribs;
    if (id !== undefined) add(byId, id, element);
  }
  return byId;
}

const BLANKS = /[ \t\n\f\r]+/;

function wordsOf(value: string): string[] {
  return BLANKS.test(value) ? value.split(BLANKS) : [value];
}
