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

class Serializer {
  readonly #root: TreeNode;
  readonly #isXml: boolean;
  #markup = '';

  constructor(root: TreeNode, isXml: boolean) {
    this.#root = root;
    this.#isXml = isXml;
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
    if (isElement(node)) this.#markup += this.#startTag(node);
    else if (node.type === 'text') this.#markup += this.#text(node.data, node.parent);
    else if (node.type === 'comment') this.#markup += `<!--${node.data}-->`;
    else if (node.type === 'directive') this.#markup += `<${node.data}>`;
  }

  #close(node: TreeNode): void {
    if (!isElement(node)) return;
    if (this.#isXml ? node.children.length > 0 : !VOID.has(node.name)) this.#markup += `</${node.name}>`;
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
