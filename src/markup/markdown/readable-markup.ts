import { type Attributes, type Element, isElement, type TreeNode } from '../node.ts';
import { layoutTables } from './layout-tables.ts';

/** How much of a page is looked at. */
export interface ReadableBounds {
  /** Most elements. */
  readonly maxElements: number;
  /** Elements nested deeper lose their tags and keep their content, and so do those beyond the most. */
  readonly maxDepth: number;
  /** Most characters of text. */
  readonly maxCharacters: number;
}

/** What a page is written with. */
export interface ReadableOptions {
  /** What relative links resolve against. */
  readonly baseUrl: string;
  readonly bounds: ReadableBounds;
  /** Elements that are left out with all inside, besides those that nobody reads. */
  readonly without?: ReadonlySet<string>;
}

const UNREAD: ReadonlySet<string> = new Set(
  (
    'audio base button canvas datalist dialog embed frame frameset head iframe input link map menuitem meta meter ' +
    'noembed noframes noscript object option optgroup param progress script select source style svg template ' +
    'textarea title track video'
  ).split(' '),
);
const VOID: ReadonlySet<string> = new Set(['br', 'hr', 'img', 'wbr', 'area', 'col']);
const CELLS: ReadonlySet<string> = new Set(['td', 'th']);
const PLAIN_NAME = /^[a-z][a-z0-9]{0,30}$/;
/** What the choice of the main content goes by, and what Markdown keeps. */
const ATTRIBUTES: readonly string[] = [
  'alt',
  'class',
  'colspan',
  'dir',
  'id',
  'itemprop',
  'lang',
  'rel',
  'role',
  'rowspan',
  'start',
  'title',
];
const LONGEST_ATTRIBUTE = 500;
const LONGEST_URL = 2083;
const LINKED = /^(?:https?|mailto|tel):/;
const HIDING_STYLE = /(?:display\s*:\s*none|visibility\s*:\s*hidden)/i;
const LONGEST_BLANKS = 200;
const LONG_BLANKS = /[\s\u00a0]{3,}/g;
/** Not allowed in XML, and of no use to a reader. */
const CONTROLS = /[^\P{Cc}\t\n\r]/gu;
const LAZY_SOURCES: readonly string[] = ['src', 'data-src', 'data-original', 'data-lazy-src'];

/**
 * The part of a page that somebody could read, as well-formed markup of bounded size and depth: no scripts, forms,
 * hidden elements and unknown attributes, links and pictures absolute and of the web only.
 */
export function readableMarkup(root: TreeNode, options: ReadableOptions): string {
  return new ReadableWriter(root, options).run();
}

class ReadableWriter {
  readonly #root: TreeNode;
  readonly #baseUrl: string;
  readonly #bounds: ReadableBounds;
  readonly #without: ReadonlySet<string>;
  readonly #layout: ReadonlySet<Element>;
  /** Of each element that is open: where its tag lies among the parts; -1: it has none. */
  readonly #open: number[] = [];
  readonly #parts: string[] = [];
  /** How many of the parts there are up to the last that is more than a tag or blanks. */
  #filledTo = 0;
  #depth = 0;
  #verbatim = 0;
  #blanksBefore = 0;
  #elements = 0;
  #characters = 0;

  constructor(root: TreeNode, { baseUrl, bounds, without = new Set() }: ReadableOptions) {
    this.#root = root;
    this.#baseUrl = baseUrl;
    this.#bounds = bounds;
    this.#without = without;
    this.#layout = layoutTables(root);
  }

  run(): string {
    const root = this.#root;
    let node: TreeNode | null = root;
    while (node !== null) {
      const first: TreeNode | undefined =
        isElement(node) && this.#isLeftOut(node) ? undefined : this.#enter(node);
      if (first !== undefined) {
        node = first;
        continue;
      }
      while (node !== null && node !== root && node.next === null) {
        node = node.parent;
        if (node !== null && isElement(node)) this.#leave(node);
      }
      node = node === null || node === root ? null : node.next;
    }
    return this.#parts.join('');
  }

  /** Writes what begins with a node; gives its first child, where it has one to go into. */
  #enter(node: TreeNode): TreeNode | undefined {
    if (node.type === 'text') this.#text(node.data);
    if (node.type === 'root') return node.children[0];
    if (!isElement(node)) return undefined;
    if (this.#characters >= this.#bounds.maxCharacters) return undefined;
    this.#elements += 1;
    const isWithin = this.#elements <= this.#bounds.maxElements;
    if (VOID.has(node.name)) {
      if (isWithin) this.#fill(this.#voidTag(node));
      return undefined;
    }
    const isTagged = isWithin && PLAIN_NAME.test(node.name) && this.#depth < this.#bounds.maxDepth;
    const name = this.#written(node);
    if (node.children.length === 0) {
      if (isTagged && CELLS.has(name)) this.#fill(`<${name}></${name}>`);
      return undefined;
    }
    this.#open.push(isTagged ? this.#parts.length : -1);
    if (isTagged) this.#parts.push(`<${name}${this.#attributes(node)}>`);
    if (isTagged) this.#depth += 1;
    if (node.name === 'pre') this.#verbatim += 1;
    return node.children[0];
  }

  #fill(part: string): void {
    if (part === '') return;
    this.#parts.push(part);
    this.#filledTo = this.#parts.length;
  }

  #leave(element: Element): void {
    if (element.name === 'pre') this.#verbatim -= 1;
    const start = this.#open.pop() ?? -1;
    if (start < 0) return;
    this.#depth -= 1;
    const name = this.#written(element);
    // Nothing but blanks is in it: thousands of such elements cost the converter seconds.
    if (this.#filledTo <= start + 1 && !CELLS.has(name)) {
      this.#parts.length = start;
      this.#parts.push(' ');
    } else this.#fill(`</${name}>`);
  }

  #written(element: Element): string {
    return this.#layout.has(element) ? 'div' : element.name;
  }

  #isLeftOut({ name, attribs }: Element): boolean {
    if (UNREAD.has(name) || this.#without.has(name)) return true;
    if (attribs.hidden !== undefined || attribs['aria-hidden'] === 'true') return true;
    const { style } = attribs;
    return style !== undefined && HIDING_STYLE.test(style.slice(0, LONGEST_ATTRIBUTE));
  }

  #text(data: string): void {
    const room = this.#bounds.maxCharacters - this.#characters;
    if (room <= 0) return;
    // Runs of blanks mean nothing outside of <pre>, and cost the converter the square of their length.
    const text = this.#verbatim > 0 ? this.#withoutLongBlanks(data) : data.replace(LONG_BLANKS, ' ');
    this.#characters += Math.min(text.length, room);
    const written = escapeMarkup(text.slice(0, room));
    if (this.#verbatim > 0 || written.trim() !== '') this.#fill(written);
    else this.#parts.push(written);
  }

  /** Also those that go on over several texts: each costs the converter the square of its length. */
  #withoutLongBlanks(data: string): string {
    const text = data.replace(/[\s\u00a0]+/g, (run, at: number) => {
      const room = LONGEST_BLANKS - (at === 0 ? this.#blanksBefore : 0);
      return run.slice(0, Math.max(0, room));
    });
    const filled = text.trimEnd().length;
    if (filled > 0) this.#blanksBefore = 0;
    this.#blanksBefore += text.length - filled;
    return text;
  }

  #voidTag(element: Element): string {
    if (element.name !== 'img') return `<${element.name}${this.#attributes(element)}/>`;
    const source = this.#pictureUrl(element.attribs);
    return source === undefined ? '' : `<img src="${escapeMarkup(source)}"${this.#attributes(element)}/>`;
  }

  #attributes({ name, attribs }: Element): string {
    let written = '';
    for (const attribute of ATTRIBUTES) {
      const value = attribs[attribute];
      if (value !== undefined)
        written += ` ${attribute}="${escapeMarkup(value.slice(0, LONGEST_ATTRIBUTE))}"`;
    }
    if (name !== 'a') return written;
    const href = this.#url(attribs.href, LINKED);
    return href === undefined ? written : `${written} href="${escapeMarkup(href)}"`;
  }

  #pictureUrl(attribs: Attributes): string | undefined {
    for (const source of LAZY_SOURCES) {
      const url = this.#url(attribs[source], /^https?:/);
      if (url !== undefined) return url;
    }
    return undefined;
  }

  #url(written: string | undefined, allowed: RegExp): string | undefined {
    if (written === undefined || written.length > LONGEST_URL) return undefined;
    const url = URL.parse(written.trim(), this.#baseUrl);
    return url !== null && allowed.test(url.protocol) ? url.href : undefined;
  }
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
]);

/** Text as it stands in markup, without control characters. */
export function escapeMarkup(text: string): string {
  return text.replace(CONTROLS, '').replace(/[&<>"]/g, (character) => ESCAPES.get(character) ?? '');
}
