import { decodeEntities } from './decode-entities.ts';
import { ForeignContent } from './foreign-content.ts';
import {
  type Attributes,
  append,
  type ChildNode,
  Comment,
  Document,
  Element,
  newAttributes,
  Text,
  type TreeLimit,
} from './node.ts';
import { COMMENT, END, END_TAG, START_TAG, TagScanner } from './tag-scanner.ts';

const HTML = 'http://www.w3.org/1999/xhtml';
const MAX_DEPTH = 512;
const MAX_NODES = 2_500_000;

const HEAD_TAGS: ReadonlySet<string> = new Set(
  'base link meta noscript script style template title'.split(' '),
);
const VOID: ReadonlySet<string> = new Set(
  'area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr'.split(
    ' ',
  ),
);
const BLOCKS =
  'address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer form ' +
  'h1 h2 h3 h4 h5 h6 header hr main menu nav ol p pre section summary table ul';
const CELLS = ['td', 'th'];
const ROWS = [...CELLS, 'tr'];

/** The innermost open elements that a start tag closes. */
const CLOSES: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    li: ['li', 'p'],
    dt: ['dt', 'dd', 'p'],
    dd: ['dt', 'dd', 'p'],
    option: ['option'],
    optgroup: ['option', 'optgroup'],
    a: ['a'],
    td: CELLS,
    th: CELLS,
    tr: ROWS,
    tbody: [...ROWS, 'tbody', 'thead', 'tfoot'],
    thead: [...ROWS, 'tbody', 'thead', 'tfoot'],
    tfoot: [...ROWS, 'tbody', 'thead', 'tfoot'],
    ...Object.fromEntries(BLOCKS.split(' ').map((name) => [name, ['p']])),
  }).map(([name, closed]) => [name, new Set(closed)]),
);

/**
 * Parses a page by simple rules that cost the same for every tag, however the page is nested: for pages that
 * would hold up the crawl otherwise. Elements nested deeper than 512 are put side by side, and after 2,500,000
 * nodes the rest of the page is left out.
 */
export function parseFlatHtml(text: string, limit: TreeLimit): Document {
  const document = new FlatHtml(text).run();
  document.limit = limit;
  return document;
}

class FlatHtml {
  readonly #scanner: TagScanner;
  readonly #foreign: ForeignContent;
  readonly #document = new Document('html');
  readonly #html = newElement('html');
  readonly #head = newElement('head');
  readonly #body = newElement('body');
  /** The elements that every page has, whether it has tags for them or not. */
  readonly #framework: ReadonlyMap<string, Element> = new Map([
    ['html', this.#html],
    ['head', this.#head],
    ['body', this.#body],
  ]);
  readonly #open: Element[] = [this.#head];
  readonly #openCounts = new Map<string, number>();
  readonly #closedEarly = new Map<string, number>();
  #nodes = 0;

  constructor(text: string) {
    this.#scanner = new TagScanner(text);
    this.#foreign = new ForeignContent(this.#scanner);
    append(this.#document, this.#html);
    append(this.#html, this.#head);
    append(this.#html, this.#body);
  }

  run(): Document {
    const scanner = this.#scanner;
    let kind = scanner.next();
    while (kind !== END && this.#nodes < MAX_NODES) {
      if (kind === START_TAG) this.#startTag();
      else if (kind === END_TAG) this.#endTag();
      else if (kind === COMMENT) this.#add(new Comment(scanner.text()));
      else this.#text();
      kind = scanner.next();
    }
    this.#document.truncated = kind !== END;
    return this.#document;
  }

  get #top(): Element {
    return this.#open[this.#open.length - 1] ?? this.#body;
  }

  #add(node: ChildNode): void {
    append(this.#top, node);
    this.#nodes += 1;
  }

  #text(): void {
    const { literal } = this.#scanner;
    const raw = this.#scanner.text();
    if (this.#open[0] === this.#head && this.#open.length === 1 && raw.trim() !== '') this.#enterBody();
    const text = literal ? raw : decodeEntities(raw, 'text');
    const last = this.#top.children.at(-1);
    if (last?.type === 'text') last.data += text;
    else this.#add(new Text(text));
  }

  #startTag(): void {
    const { name, selfClosing } = this.#scanner;
    this.#foreign.startTag();
    if (name === 'body') this.#enterBody();
    const known = this.#framework.get(name);
    if (known !== undefined) this.#readAttributes(known.attribs);
    else this.#insert(name, selfClosing);
  }

  #insert(name: string, selfClosing: boolean): void {
    if (this.#open[0] === this.#head && this.#open.length === 1 && !HEAD_TAGS.has(name)) this.#enterBody();
    this.#closeBefore(name);
    const element = newElement(name);
    this.#readAttributes(element.attribs);
    const isEmpty = VOID.has(name) || (selfClosing && this.#scanner.foreign);
    if (!isEmpty && this.#open.length >= MAX_DEPTH) this.#closeEarly();
    this.#add(element);
    if (!isEmpty) this.#push(element);
  }

  /** Makes room for an element that would be too deep; the end tag of the closed one is still to come. */
  #closeEarly(): void {
    count(this.#closedEarly, this.#top.name, 1);
    this.#pop();
  }

  #closeBefore(name: string): void {
    const closed = CLOSES.get(name);
    if (closed === undefined) return;
    while (this.#open.length > 1 && closed.has(this.#top.name)) this.#pop();
  }

  #endTag(): void {
    const { name } = this.#scanner;
    this.#foreign.endTag();
    if ((this.#closedEarly.get(name) ?? 0) > 0) {
      count(this.#closedEarly, name, -1);
    } else if ((this.#openCounts.get(name) ?? 0) > 0) {
      while (this.#top.name !== name) this.#pop();
      this.#pop();
    }
  }

  #enterBody(): void {
    if (this.#open[0] === this.#body) return;
    this.#open.length = 0;
    this.#openCounts.clear();
    this.#open.push(this.#body);
  }

  #push(element: Element): void {
    this.#open.push(element);
    count(this.#openCounts, element.name, 1);
  }

  #pop(): void {
    const element = this.#open.pop();
    if (element !== undefined) count(this.#openCounts, element.name, -1);
  }

  #readAttributes(attribs: Attributes): void {
    const scanner = this.#scanner;
    for (let at = 0; at < scanner.attributeCount; at += 1) {
      const name = scanner.attributeName(at);
      if (!(name in attribs)) attribs[name] = decodeEntities(scanner.attributeValue(at), 'attribute');
    }
  }
}

function newElement(name: string): Element {
  return new Element(name, HTML, newAttributes());
}

function count(counts: Map<string, number>, name: string, change: number): void {
  counts.set(name, (counts.get(name) ?? 0) + change);
}
