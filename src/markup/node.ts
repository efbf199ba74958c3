/*
 * The nodes of a parsed page. They answer to the names that domhandler's nodes have, so that css-select,
 * domutils and cheerio work on them, and carry no more fields than queries need.
 */

/** The limit that cut a page short, or made it parse by the simple rules. */
export type TreeLimit = 'attributes' | 'depth' | 'nodes' | 'size' | 'work';

/** Any node of a tree. */
export type TreeNode = Document | Element | Text | Comment | Directive;

/** A node that others can be inside of. */
export type ParentNode = Document | Element;

/** A node that can be inside another. */
export type ChildNode = Element | Text | Comment | Directive;

/** Attributes by name, on an object that inherits nothing: a page may name one `__proto__`. */
export type Attributes = Record<string, string>;

// An instance of a class with an empty prototype inherits nothing and, unlike Object.create(null), is fast.
const AttributeRecord = function AttributeRecord() {} as unknown as new () => Attributes;
AttributeRecord.prototype = Object.create(null);

/** An empty set of attributes. */
export function newAttributes(): Attributes {
  return new AttributeRecord();
}

abstract class BaseNode {
  parent: ParentNode | null = null;
  prev: ChildNode | null = null;
  next: ChildNode | null = null;
  /** The place in document order, when the tree is indexed. */
  order = -1;

  get parentNode(): ParentNode | null {
    return this.parent;
  }
  get previousSibling(): ChildNode | null {
    return this.prev;
  }
  get nextSibling(): ChildNode | null {
    return this.next;
  }
}

/** A run of text. CDATA sections are text, too. */
export class Text extends BaseNode {
  readonly type = 'text';
  data: string;

  constructor(data: string) {
    super();
    this.data = data;
  }
  get nodeType(): 3 {
    return 3;
  }
  get nodeValue(): string {
    return this.data;
  }
}

/** A comment. */
export class Comment extends BaseNode {
  readonly type = 'comment';
  data: string;

  constructor(data: string) {
    super();
    this.data = data;
  }
  get nodeType(): 8 {
    return 8;
  }
  get nodeValue(): string {
    return this.data;
  }
}

/** A processing instruction, or the doctype, whose name is `!doctype`. */
export class Directive extends BaseNode {
  readonly type = 'directive';
  readonly name: string;
  /** All between the angle brackets. */
  data: string;

  constructor(name: string, data: string) {
    super();
    this.name = name;
    this.data = data;
  }
  get nodeType(): 1 {
    return 1;
  }
  get nodeValue(): string {
    return this.data;
  }
}

/** An element. */
export class Element extends BaseNode {
  readonly type: 'tag' | 'script' | 'style';
  /** The name as in the page, with its prefix; lower case for HTML. */
  name: string;
  /** The namespace's URI, empty when there is none. */
  namespace: string;
  attribs: Attributes;
  children: ChildNode[] = [];
  /** The namespaces of prefixed attributes, by attribute name. Undefined: none has one. */
  attributeNamespaces: Map<string, string> | undefined = undefined;
  /** The `order` of the last node inside, when the tree is indexed. */
  lastOrder = -1;

  constructor(name: string, namespace: string, attribs: Attributes) {
    super();
    this.type = name === 'script' ? 'script' : name === 'style' ? 'style' : 'tag';
    this.name = name;
    this.namespace = namespace;
    this.attribs = attribs;
  }
  get nodeType(): 1 {
    return 1;
  }
  get tagName(): string {
    return this.name;
  }
  set tagName(name: string) {
    this.name = name;
  }
  get childNodes(): ChildNode[] {
    return this.children;
  }
  get firstChild(): ChildNode | null {
    return this.children[0] ?? null;
  }
  get lastChild(): ChildNode | null {
    return this.children.at(-1) ?? null;
  }
  get attributes(): { name: string; value: string }[] {
    return Object.entries(this.attribs).map(([name, value]) => ({ name, value }));
  }
}

/** The top of a tree. */
export class Document extends BaseNode {
  readonly type = 'root';
  readonly kind: 'html' | 'xml';
  children: ChildNode[] = [];
  /** Why the page was not parsed as a browser would. Undefined: it was. */
  limit: TreeLimit | undefined = undefined;
  /** True when a part of the page is not in the tree. */
  truncated = false;
  /** The quirks mode, as HTML names it. */
  'x-mode': 'no-quirks' | 'quirks' | 'limited-quirks' = 'no-quirks';
  lastOrder = -1;
  /** Prefixes that hold around it, where it is a piece of another document. */
  around: ReadonlyMap<string, string> | undefined = undefined;

  constructor(kind: 'html' | 'xml') {
    super();
    this.kind = kind;
  }
  get nodeType(): 9 {
    return 9;
  }
  get childNodes(): ChildNode[] {
    return this.children;
  }
  get firstChild(): ChildNode | null {
    return this.children[0] ?? null;
  }
  get lastChild(): ChildNode | null {
    return this.children.at(-1) ?? null;
  }
}

/** Is it an element? Told by its type, as cheerio may have put a node of its own kind into the tree. */
export function isElement(node: TreeNode | null | undefined): node is Element {
  if (node == null) return false;
  const type = node.type;
  return type === 'tag' || type === 'script' || type === 'style';
}

/** The nodes inside a node, none for text and the like. */
export function childrenOf(node: TreeNode): readonly ChildNode[] {
  return 'children' in node ? node.children : NONE;
}

const NONE: readonly ChildNode[] = Object.freeze([]);

/** Puts a node at the end of another. The node must be in no tree. */
export function append(parent: ParentNode, node: ChildNode): void {
  const { children } = parent;
  const last = children[children.length - 1];
  node.parent = parent;
  if (last !== undefined) {
    last.next = node;
    node.prev = last;
  }
  children.push(node);
}

/** Takes a node out of its tree. */
export function detach(node: ChildNode): void {
  const { parent, prev, next } = node;
  if (prev !== null) prev.next = next;
  if (next !== null) next.prev = prev;
  if (parent !== null) parent.children.splice(parent.children.lastIndexOf(node), 1);
  node.parent = null;
  node.prev = null;
  node.next = null;
}
