import { decodeXmlEntities } from './decode-xml-entities.ts';
import {
  append,
  type ChildNode,
  Comment,
  Directive,
  Document,
  Element,
  newAttributes,
  type ParentNode,
  Text,
} from './node.ts';
import { COMMENT, END, END_TAG, START_TAG, TagScanner } from './tag-scanner.ts';

const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace';
const MAX_DEPTH = 4_000;
const MAX_NODES = 2_500_000;
const MAX_NAMESPACES = 500;

/** What prefixes stand for; '' is the default namespace. */
export type Namespaces = ReadonlyMap<string, string>;

/** What holds at the beginning of a document. */
export const NO_NAMESPACES: Namespaces = new Map([['xml', XML_NAMESPACE]]);

interface Open {
  readonly node: ParentNode;
  readonly namespaces: Namespaces;
}

/**
 * Parses XML with its namespaces. It never throws: of a broken document all is kept that could be read, an end
 * tag that fits nothing is passed over. Entities other than the five of XML stand for themselves, and nothing
 * in a DTD counts. Elements nested deeper than 4,000 are put side by side; after 2,500,000 nodes the rest is
 * left out, and `document.truncated` says so.
 *
 * @param namespaces - what holds already where the text is a piece of a document.
 */
export function parseXml(text: string, namespaces: Namespaces = NO_NAMESPACES): Document {
  return new XmlTree(text, namespaces).run();
}

class XmlTree {
  readonly #scanner: TagScanner;
  readonly #document = new Document('xml');
  readonly #open: Open[];
  readonly #openCounts = new Map<string, number>();
  readonly #unopenedCounts = new Map<string, number>();
  #nodes = 0;

  constructor(text: string, namespaces: Namespaces) {
    this.#scanner = new TagScanner(text, 'xml');
    this.#document.around = namespaces;
    this.#open = [{ node: this.#document, namespaces }];
  }

  run(): Document {
    const scanner = this.#scanner;
    const document = this.#document;
    let kind = scanner.next();
    while (kind !== END && this.#nodes < MAX_NODES) {
      if (kind === START_TAG) this.#startTag();
      else if (kind === END_TAG) this.#endTag();
      else if (kind === COMMENT) this.#comment();
      else this.#text();
      kind = scanner.next();
    }
    if (kind !== END) {
      document.limit = 'nodes';
      document.truncated = true;
    }
    return document;
  }

  get #top(): Open {
    return this.#open[this.#open.length - 1] ?? { node: this.#document, namespaces: NO_NAMESPACES };
  }

  #add(node: ChildNode): void {
    append(this.#top.node, node);
    this.#nodes += 1;
  }

  #text(): void {
    const { node } = this.#top;
    if (node === this.#document) return;
    const raw = this.#scanner.text();
    const text = this.#scanner.literal ? raw : decodeXmlEntities(raw);
    const last = node.children[node.children.length - 1];
    if (last?.type === 'text') last.data += text;
    else this.#add(new Text(text));
  }

  #comment(): void {
    const text = this.#scanner.text();
    if (text.startsWith('?')) {
      const target = /^\?[^\s?]*/.exec(text)?.[0] ?? '?';
      if (target.toLowerCase() !== '?xml') this.#add(new Directive(target, text));
    } else if (/^!doctype/i.test(text)) {
      this.#add(new Directive('!doctype', text));
    } else {
      this.#add(new Comment(text));
    }
  }

  #startTag(): void {
    const { name, selfClosing } = this.#scanner;
    const element = new Element(name, '', newAttributes());
    const namespaces = this.#readAttributes(element);
    element.namespace = namespaces.get(prefixOf(name)) ?? '';
    this.#add(element);
    if (selfClosing) return;
    if (this.#open.length <= MAX_DEPTH) {
      this.#open.push({ node: element, namespaces });
      count(this.#openCounts, name, 1);
    } else {
      this.#document.limit = 'depth';
      count(this.#unopenedCounts, name, 1);
    }
  }

  #endTag(): void {
    const { name } = this.#scanner;
    if ((this.#unopenedCounts.get(name) ?? 0) > 0) {
      count(this.#unopenedCounts, name, -1);
    } else if ((this.#openCounts.get(name) ?? 0) > 0) {
      for (let closed = this.#close(); closed !== name; closed = this.#close());
    }
  }

  #close(): string {
    const node = this.#open.pop()?.node;
    const name = node !== undefined && 'name' in node ? node.name : '';
    count(this.#openCounts, name, -1);
    return name;
  }

  /** Sets the attributes of an element and gives the namespaces that hold for it. */
  #readAttributes(element: Element): Namespaces {
    const scanner = this.#scanner;
    const { attribs } = element;
    let { namespaces } = this.#top;
    let declared: Map<string, string> | undefined;
    let hasPrefixes = false;
    for (let at = 0; at < scanner.attributeCount; at += 1) {
      const name = scanner.attributeName(at);
      if (name in attribs) continue;
      const value = decodeXmlEntities(scanner.attributeValue(at).replace(/[\t\n]/g, ' '));
      attribs[name] = value;
      const prefix = prefixOf(name);
      if (name === 'xmlns' || prefix === 'xmlns') {
        declared ??= new Map(namespaces);
        if (declared.size < MAX_NAMESPACES) declared.set(prefix === '' ? '' : name.slice(6), value);
      } else if (prefix !== '') {
        hasPrefixes = true;
      }
    }
    if (declared !== undefined) namespaces = declared;
    if (hasPrefixes) element.attributeNamespaces = attributeNamespaces(element, namespaces);
    return namespaces;
  }
}

function attributeNamespaces(element: Element, namespaces: Namespaces): Map<string, string> {
  const found = new Map<string, string>();
  for (const name in element.attribs) {
    const prefix = prefixOf(name);
    if (prefix !== '' && prefix !== 'xmlns') found.set(name, namespaces.get(prefix) ?? '');
  }
  return found;
}

function prefixOf(name: string): string {
  const colon = name.indexOf(':');
  return colon === -1 ? '' : name.slice(0, colon);
}

function count(counts: Map<string, number>, name: string, change: number): void {
  counts.set(name, (counts.get(name) ?? 0) + change);
}
