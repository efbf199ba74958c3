import { type Document, type Element, isElement, type TreeNode } from './node.ts';

const VOID: ReadonlySet<string> = new Set(
  'area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr'.split(
    ' ',
  ),
);
const RAW_TEXT: ReadonlySet<string> = new Set(
  'style script xmp iframe noembed noframes plaintext'.split(' '),
);

/** The markup of a node and all inside, as HTML or as XML. */
export function serialize(node: TreeNode, kind: Document['kind']): string {
  return new Serializer(node, kind === 'xml').run();
}

/**
 * The markup of each of these nodes. One that lies in the one before is cut out of the markup of that: written anew,
 * thousands of elements in each other would take the square of their number.
 */
export function serializeAll(nodes: readonly TreeNode[], kind: Document['kind']): string[] {
  const isXml = kind === 'xml';
  let outer: { readonly markup: string; readonly places: ReadonlyMap<TreeNode, Place> } | undefined;
  return nodes.map((node, at) => {
    const place = outer?.places.get(node);
    if (place !== undefined && outer !== undefined) return cutOut(outer.markup, place, node, isXml);
    const next = nodes[at + 1];
    const isOuter = next !== undefined && isInside(next, node);
    const places = isOuter ? new Map<TreeNode, Place>() : undefined;
    const markup = new Serializer(node, isXml, places).run();
    outer = places && { markup, places };
    return markup;
  });
}

/** Where the markup of an element begins and ends in that of another. */
interface Place {
  readonly start: number;
  end: number;
}

function isInside(node: TreeNode, other: TreeNode): boolean {
  for (let above = node.parent; above !== null; above = above.parent) if (above === other) return true;
  return false;
}

function cutOut(markup: string, { start, end }: Place, node: TreeNode, isXml: boolean): string {
  const namespaces = isXml && isElement(node) ? namespacesFromAbove(node) : '';
  if (namespaces === '' || !isElement(node)) return markup.slice(start, end);
  const name = `<${node.name}`;
  return name + namespaces + markup.slice(start + name.length, end);
}

class Serializer {
  readonly #root: TreeNode;
  readonly #isXml: boolean;
  readonly #places: Map<TreeNode, Place> | undefined;
  #markup = '';

  constructor(root: TreeNode, isXml: boolean, places?: Map<TreeNode, Place>) {
    this.#root = root;
    this.#isXml = isXml;
    this.#places = places;
  }

  run(): string {
    const root = this.#root;
    let node: TreeNode | null = root;
    while (node !== null) {
      this.#open(node);
      const first: TreeNode | undefined = 'children' in node ? node.children[0] : undefined;
      if (first !== undefined) {
        node = first;
        continue;
      }
      while (node !== null && node !== root && node.next === null) {
        this.#close(node);
        node = node.parent;
      }
      if (node === null) break;
      this.#close(node);
      node = node === root ? null : node.next;
    }
    return this.#markup;
  }

  #open(node: TreeNode): void {
    this.#places?.set(node, { start: this.#markup.length, end: 0 });
    if (isElement(node)) this.#markup += this.#startTag(node);
    else if (node.type === 'text') this.#markup += this.#text(node.data, node.parent);
    else if (node.type === 'comment') this.#markup += `<!--${node.data}-->`;
    else if (node.type === 'directive') this.#markup += `<${node.data}>`;
  }

  #close(node: TreeNode): void {
    if (isElement(node) && (this.#isXml ? node.children.length > 0 : !VOID.has(node.name)))
      this.#markup += `</${node.name}>`;
    const place = this.#places?.get(node);
    if (place !== undefined) place.end = this.#markup.length;
  }

  #startTag(element: Element): string {
    let tag = `<${element.name}`;
    if (this.#isXml && element === this.#root) tag += namespacesFromAbove(element);
    for (const name in element.attribs) tag += ` ${name}="${this.#attribute(element.attribs[name] ?? '')}"`;
    return `${tag}${this.#isXml && element.children.length === 0 ? '/>' : '>'}`;
  }

  #text(data: string, parent: TreeNode | null): string {
    if (!this.#isXml && parent !== null && isElement(parent) && RAW_TEXT.has(parent.name)) return data;
    return ESCAPED_IN_TEXT.test(data) ? data.replace(IN_TEXT, this.#isXml ? escapeXml : escapeHtml) : data;
  }

  #attribute(value: string): string {
    if (!ESCAPED_IN_ATTRIBUTE.test(value)) return value;
    return value.replace(IN_ATTRIBUTE, this.#isXml ? escapeXml : escapeHtml);
  }
}

const ESCAPED_IN_TEXT = /[&<>\u00a0]/;
const IN_TEXT = /[&<>\u00a0]/g;
const ESCAPED_IN_ATTRIBUTE = /[&"<>\u00a0]/;
const IN_ATTRIBUTE = /[&"<>\u00a0]/g;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
]);

function escapeXml(character: string): string {
  return ESCAPES.get(character) ?? character;
}

function escapeHtml(character: string): string {
  return ESCAPES.get(character) ?? '&nbsp;';
}

/** A part of an XML document must say what its prefixes mean. */
function namespacesFromAbove(element: Element): string {
  const declared = new Set(Object.keys(element.attribs).filter(isDeclaration));
  let declarations = '';
  for (let above = element.parent; above !== null && isElement(above); above = above.parent) {
    for (const name of Object.keys(above.attribs)) {
      if (!isDeclaration(name) || declared.has(name)) continue;
      declared.add(name);
      declarations += ` ${name}="${(above.attribs[name] ?? '').replace(IN_ATTRIBUTE, escapeXml)}"`;
    }
  }
  return declarations;
}

/** Does an attribute of this name declare a namespace? */
export function isDeclaration(name: string): boolean {
  return name === 'xmlns' || name.startsWith('xmlns:');
}
