import { inspect } from 'node:util';
import { selectCss } from './css.ts';
import { extractRegex } from './extract-regex.ts';
import {
  type Attributes,
  type ChildNode,
  type Document,
  detach,
  type Element,
  isElement,
  newAttributes,
  type TreeNode,
} from './node.ts';
import { parseHtml } from './parse-html.ts';
import { parseXml } from './parse-xml.ts';
import { searchJson } from './search-json.ts';
import { SelectorError } from './selector-error.ts';
import { isDeclaration, serialize, serializeAll } from './serialize.ts';
import { textContent, walk } from './text-content.ts';
import { forgetIndex } from './tree-index.ts';
import { localPart } from './xpath/node-test.ts';
import { numberToString } from './xpath/values.ts';
import { evaluateXPath, isAttributeNode, type XPathNode, type XPathVariable } from './xpath.ts';

const INSPECT = Symbol.for('nodejs.util.inspect.custom');
const LONGEST_SHOWN = 120;
const MOST_SHOWN = 10;

/** What a selector looks at: it says how queries read it. */
export type SelectorType = 'html' | 'xml' | 'json' | 'text';

/** A text to make a {@link Selector} of. */
export interface SelectorInput {
  /** It is parsed at the first query. */
  readonly text: string;
  /** What the text is. @defaultValue `json` where it is an object or array of JSON, else `html` */
  readonly type?: SelectorType | undefined;
}

/** What an XPath query may refer to besides the page. */
export interface XPathOptions {
  /** What prefixes stand for, besides those registered and those declared where the query begins. */
  readonly namespaces?: Readonly<Record<string, string>> | undefined;
  /** The values of `$name`. */
  readonly variables?: Readonly<Record<string, XPathVariable>> | undefined;
}

/** A part of something parsed already. */
interface SelectorPart {
  readonly type: SelectorType;
  readonly root: unknown;
  readonly document: Document | undefined;
  readonly namespaces: ReadonlyMap<string, string>;
}

/**
 * A page, or a part of one that a query found: an element, a text, an attribute's value, or a value of JSON.
 * Queries on it look at it and inside of it. `Result` is what {@link Selector.get} gives.
 */
export class Selector<Result = string> {
  readonly #type: SelectorType;
  #namespaces: ReadonlyMap<string, string>;
  #text: string | undefined;
  #root: unknown;
  #document: Document | undefined;

  constructor(input: SelectorInput | SelectorPart) {
    if ('text' in input) {
      const value = input.type === undefined ? jsonIn(input.text) : undefined;
      this.#type = input.type ?? (value === undefined ? 'html' : 'json');
      this.#text = input.text;
      this.#root = value;
      this.#namespaces = new Map();
    } else {
      this.#type = input.type;
      this.#root = input.root;
      this.#document = input.document;
      this.#namespaces = input.namespaces;
    }
  }

  /** A selector of a whole page that is parsed already. */
  static of(document: Document): Selector {
    const root = document.children.find(isElement) ?? document;
    return new Selector({ type: document.kind, root, document, namespaces: new Map() });
  }

  /** How it is read. */
  get type(): SelectorType {
    return this.#type;
  }

  /** Whether an element is selected, and not a text, an attribute or a value. */
  get isElement(): boolean {
    const { root } = this;
    return isNode(root) && isElement(root);
  }

  /** What it stands for: a node of the tree, a string, or a value of JSON. */
  get root(): unknown {
    this.#parse();
    return this.#root;
  }

  /** The parsed page; plain text is read as HTML. Undefined for JSON. */
  get document(): Document | undefined {
    this.#parse();
    if (this.#type === 'text') this.#document ??= parseHtml(String(this.#root));
    return this.#document;
  }

  /**
   * The elements that a CSS query finds, or with `::text` and `::attr(name)` their texts and attributes.
   * Throws {@link SelectorError} when the query can't be read.
   */
  css(query: string): SelectorList {
    const scope = this.#scope(query, 'css');
    if (scope === undefined) return new SelectorList([]);
    return this.#list(selectCss(query, scope.node, scope.document, this.#namespaces), scope.document);
  }

  /**
   * What an XPath 1.0 expression finds: nodes, or one string, number or boolean.
   * Throws {@link SelectorError} when the query can't be read.
   */
  xpath(query: string, { namespaces = {}, variables = {} }: XPathOptions = {}): SelectorList {
    const scope = this.#scope(query, 'xpath');
    if (scope === undefined) return new SelectorList([]);
    const result = evaluateXPath(query, scope.node, scope.document, {
      namespaces: new Map([...this.#namespaces, ...Object.entries(namespaces)]),
      variables: new Map(Object.entries(variables)),
    });
    const found = Array.isArray(result) ? result.map(nodeOrString) : [result];
    return this.#list(found, scope.document);
  }

  /**
   * What a JMESPath expression finds in a value of JSON, or in the JSON that a text or an element holds.
   * Throws {@link SelectorError} when the query can't be read.
   */
  jmespath<Value = unknown>(query: string): SelectorList<Value> {
    const data = this.type === 'json' && typeof this.root !== 'string' ? this.root : jsonIn(this.text);
    const result = searchJson(data, query);
    const values = result === null || result === undefined ? [] : Array.isArray(result) ? result : [result];
    return new SelectorList(values.map((value) => this.#jsonPart<Value>(value)));
  }

  /** The markup of an element, the text of a text or attribute, or the value of JSON. */
  get(): Result {
    const { root } = this;
    if (this.#type === 'json' || this.#type === 'text') return (root ?? null) as Result;
    return markupOf(root, this.#type) as Result;
  }

  /** As {@link Selector.get}: a selector in an item is written as what it selected. */
  toJSON(): Result {
    return this.get();
  }

  /** As {@link Selector.get}, in a list. */
  getAll(): Result[] {
    return [this.get()];
  }

  /** The text: of an element all that is inside, without markup. */
  get text(): string {
    const { root } = this;
    if (isNode(root)) return textContent(root);
    return typeof root === 'string' ? root : markupOf(root, 'text');
  }

  /** The attributes of the element, none for anything else. */
  get attrib(): Attributes {
    const { root } = this;
    const attributes: Attributes = Object.create(null);
    if (!isNode(root) || !isElement(root)) return attributes;
    for (const name in root.attribs) {
      if (this.#type !== 'xml' || !isDeclaration(name)) attributes[name] = root.attribs[name] ?? '';
    }
    return attributes;
  }

  /** What a regular expression finds: all matches, or where it has groups those. */
  re(regex: RegExp | string): string[] {
    const value: unknown = this.get();
    return extractRegex(regex, typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
  }

  /** The first that {@link Selector.re} finds. */
  reFirst(regex: RegExp | string): string | null;
  reFirst<Default>(regex: RegExp | string, fallback: Default): string | Default;
  reFirst(regex: RegExp | string, fallback: unknown = null): unknown {
    return this.re(regex)[0] ?? fallback;
  }

  /** Lets queries on this selector, and on what they find, use a prefix for a namespace. */
  registerNamespace(prefix: string, uri: string): void {
    // Not in place: those that found this one have the same map.
    this.#namespaces = new Map(this.#namespaces).set(prefix, uri);
  }

  /** Takes all namespaces and prefixes off the elements and attributes inside, so that plain names find them. */
  removeNamespaces(): void {
    const { root } = this;
    if (!isNode(root)) return;
    if (isElement(root)) withoutNamespace(root);
    for (const node of walk(root)) if (isElement(node)) withoutNamespace(node);
    if ('children' in root) forgetIndex(root);
  }

  /** Takes the element out of its page. Throws a TypeError when there is no element that could be taken out. */
  drop(): void {
    const { root } = this;
    if (!isNode(root) || root.parent === null) {
      throw new TypeError(
        'Only elements can be dropped, and not the topmost: a text or an attribute is a string',
      );
    }
    const { parent } = root;
    detach(root as ChildNode);
    forgetIndex(parent);
  }

  /** The markup, text or value, for logs. */
  toString(): string {
    const value: unknown = this.get();
    return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  }

  #parse(): void {
    if (this.#text === undefined) return;
    const text = this.#text;
    this.#text = undefined;
    if (this.#type === 'text') this.#root = text;
    else if (this.#type === 'json') this.#root ??= jsonIn(text);
    else {
      this.#document = this.#type === 'xml' ? parseXml(text) : parseHtml(text);
      this.#root = this.#document.children.find(isElement) ?? this.#document;
    }
  }

  /** Where a query begins. Undefined: at a string, in which nothing can be found. */
  #scope(query: string, language: string): { node: Element | Document; document: Document } | undefined {
    const { root } = this;
    if (this.#type === 'json') {
      throw new SelectorError(query, `This is JSON: use jmespath(), not ${language}(),`);
    }
    if (this.#type === 'text') {
      this.#document ??= parseHtml(String(root));
      return { node: this.#document.children.find(isElement) ?? this.#document, document: this.#document };
    }
    if (this.#document === undefined || !isNode(root) || !('children' in root)) return undefined;
    return { node: root, document: this.#document };
  }

  #list(found: readonly unknown[], document: Document): SelectorList {
    const parts = found.map(
      (root) => new Selector({ type: document.kind, root, document, namespaces: this.#namespaces }),
    );
    return new SelectorList(parts);
  }

  #jsonPart<Value>(root: unknown): Selector<Value> {
    const type = typeof root === 'string' ? 'text' : 'json';
    return new Selector<Value>({ type, root, document: undefined, namespaces: this.#namespaces });
  }
}

/** What a query found, in document order. Its methods are those of {@link Selector}, for all at once. */
export class SelectorList<Result = string> implements Iterable<Selector<Result>> {
  readonly #selectors: readonly Selector<Result>[];

  constructor(selectors: readonly Selector<Result>[]) {
    this.#selectors = selectors;
  }

  /** How many were found. */
  get length(): number {
    return this.#selectors.length;
  }

  [Symbol.iterator](): IterableIterator<Selector<Result>> {
    return this.#selectors[Symbol.iterator]();
  }

  /** The one at a place, from 0; from the end when negative. */
  at(place: number): Selector<Result> | undefined {
    return this.#selectors.at(place);
  }

  /** What a function makes of each. */
  map<Value>(make: (selector: Selector<Result>, place: number) => Value): Value[] {
    return this.#selectors.map((selector, place) => make(selector, place));
  }

  /** Those for which a function gives true. */
  filter(keep: (selector: Selector<Result>, place: number) => boolean): SelectorList<Result> {
    return new SelectorList(this.#selectors.filter((selector, place) => keep(selector, place)));
  }

  /** Those from one place to before another. */
  slice(start?: number, end?: number): SelectorList<Result> {
    return new SelectorList(this.#selectors.slice(start, end));
  }

  /** What a CSS query finds in each, one after the other. */
  css(query: string): SelectorList {
    return new SelectorList(this.#selectors.flatMap((selector) => [...selector.css(query)]));
  }

  /** What an XPath expression finds in each, one after the other. */
  xpath(query: string, options?: XPathOptions): SelectorList {
    return new SelectorList(this.#selectors.flatMap((selector) => [...selector.xpath(query, options)]));
  }

  /** What a JMESPath expression finds in each, one after the other. */
  jmespath<Value = unknown>(query: string): SelectorList<Value> {
    return new SelectorList(this.#selectors.flatMap((selector) => [...selector.jmespath<Value>(query)]));
  }

  /** What the first gives, or null, or the default, when nothing was found. */
  get(): Result | null;
  get<Default>(fallback: Default): Result | Default;
  get(fallback: unknown = null): unknown {
    const first = this.#selectors[0];
    return first === undefined ? fallback : first.get();
  }

  /** As {@link SelectorList.getAll}: a list of selectors in an item is written as what it selected. */
  toJSON(): Result[] {
    return this.getAll();
  }

  /** What all give. */
  getAll(): Result[] {
    const { type = 'text' } = this.#selectors[0] ?? {};
    const roots = this.#selectors.map(({ root }) => root);
    // Most lists are of nodes of one page.
    if (
      (type !== 'html' && type !== 'xml') ||
      !roots.every(isNode) ||
      this.#selectors.some((one) => one.type !== type)
    )
      return this.#selectors.map((selector) => selector.get());
    return serializeAll(roots, type) as Result[];
  }

  /** The text of the first, empty when nothing was found. */
  get text(): string {
    return this.#selectors[0]?.text ?? '';
  }

  /** The attributes of the first, none when nothing was found. */
  get attrib(): Attributes {
    return this.#selectors[0]?.attrib ?? Object.create(null);
  }

  /** What a regular expression finds in all. */
  re(regex: RegExp | string): string[] {
    return this.#selectors.flatMap((selector) => selector.re(regex));
  }

  /** The first that a regular expression finds in any. */
  reFirst(regex: RegExp | string): string | null;
  reFirst<Default>(regex: RegExp | string, fallback: Default): string | Default;
  reFirst(regex: RegExp | string, fallback: unknown = null): unknown {
    for (const selector of this.#selectors) {
      const [first] = selector.re(regex);
      if (first !== undefined) return first;
    }
    return fallback;
  }

  /** Takes all out of their pages. */
  drop(): void {
    for (const selector of this.#selectors) selector.drop();
  }
}

function isNode(value: unknown): value is TreeNode {
  return (
    typeof value === 'object' && value !== null && 'type' in value && 'parent' in value && 'order' in value
  );
}

function nodeOrString(node: XPathNode): TreeNode | string {
  if (isAttributeNode(node)) return node.value;
  return node.type === 'text' ? node.data : node;
}

function markupOf(value: unknown, type: SelectorType): string {
  if (isNode(value)) return serialize(value, type === 'xml' ? 'xml' : 'html');
  // As Scrapy, where true() gives 1.
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'number') return numberToString(value);
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** The value that JSON stands for. Undefined: it is no JSON object or array. */
function jsonIn(text: string): unknown {
  if (!/^[\t\n\r ]*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function withoutNamespace(element: Element): void {
  element.name = localPart(element.name);
  element.namespace = '';
  const attributes = newAttributes();
  for (const name in element.attribs) {
    if (!isDeclaration(name)) attributes[localPart(name)] = element.attribs[name] ?? '';
  }
  element.attribs = attributes;
  element.attributeNamespaces = undefined;
}

// What a prompt or console.log() shows of them.
Object.defineProperty(Selector.prototype, INSPECT, {
  value(this: Selector) {
    return `Selector ${String(JSON.stringify(this.get())).slice(0, LONGEST_SHOWN)}`;
  },
});
Object.defineProperty(SelectorList.prototype, INSPECT, {
  value(this: SelectorList) {
    const shown = this.slice(0, MOST_SHOWN).map((one) => inspect(one));
    return `SelectorList(${this.length}) [ ${shown.join(', ')}${this.length > MOST_SHOWN ? ', …' : ''} ]`;
  },
});
