import { decodeEntities } from './decode-entities.ts';
import { ForeignContent } from './foreign-content.ts';
import { END, END_TAG, START_TAG, TagScanner, TEXT } from './tag-scanner.ts';

/** An attribute that links somewhere, as {@link scanLinks} finds it. */
export interface ScannedLink {
  /** The element's name, lower case. */
  readonly tag: string;
  /** The attribute's name, lower case. */
  readonly attr: string;
  /** The attribute's value, character references decoded, else as in the page: neither trimmed nor resolved. */
  readonly value: string;
  /** The text inside the element, not trimmed. Empty unless asked for. */
  readonly text: string;
  /** The element's `rel`, empty when it has none. */
  readonly rel: string;
  /** Does `rel` have the word nofollow? */
  readonly nofollow: boolean;
}

/** What {@link scanLinks} is to look for. */
export interface ScanLinksOptions {
  /** Names of elements, lower case; `*` is any. @defaultValue `a` and `area` */
  readonly tags?: ReadonlySet<string>;
  /** Names of attributes, lower case; `*` is any. @defaultValue `href` */
  readonly attrs?: ReadonlySet<string>;
  /** Gather the texts of the links, too. @defaultValue `false` */
  readonly text?: boolean;
}

const DEFAULT_TAGS: ReadonlySet<string> = new Set(['a', 'area']);
const DEFAULT_ATTRS: ReadonlySet<string> = new Set(['href']);
const VOID: ReadonlySet<string> = new Set(
  'area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr'.split(
    ' ',
  ),
);
const ENDS_SELECT: ReadonlySet<string> = new Set(['input', 'keygen', 'textarea', 'select']);
const ENDS_SELECT_IN_TABLE: ReadonlySet<string> = new Set(
  'caption table tbody tfoot thead tr td th'.split(' '),
);
const COUNTS_IN_SELECT: ReadonlySet<string> = new Set(['option', 'optgroup', 'script', 'template', 'hr']);
// Texts of this many elements are gathered at once; a page that nests more links has the outer ones cut short.
const MAX_OPEN = 64;

/**
 * The links of a page in the order of the text, without building a tree: the same that the tree has, at a
 * small part of its price. Links in comments, scripts and text areas are none; those in `noscript` and
 * `template` are.
 */
export function scanLinks(html: string, options: ScanLinksOptions = {}): ScannedLink[] {
  return new LinkScan(html, options).run();
}

interface MutableLink extends ScannedLink {
  text: string;
}

interface OpenLink {
  readonly tag: string;
  readonly links: readonly MutableLink[];
  readonly textStart: number;
}

class LinkScan {
  readonly #scanner: TagScanner;
  readonly #foreign: ForeignContent;
  readonly #tags: ReadonlySet<string>;
  readonly #attrs: ReadonlySet<string>;
  readonly #anyTag: boolean;
  readonly #anyAttr: boolean;
  readonly #wantsText: boolean;
  readonly #found: MutableLink[] = [];
  #open: OpenLink[] = [];
  #text = '';
  #openTables = 0;
  /** Open templates: whether each stands in a select. */
  readonly #templates: boolean[] = [];

  constructor(html: string, { tags = DEFAULT_TAGS, attrs = DEFAULT_ATTRS, text = false }: ScanLinksOptions) {
    this.#scanner = new TagScanner(html);
    this.#foreign = new ForeignContent(this.#scanner);
    this.#tags = tags;
    this.#attrs = attrs;
    this.#anyTag = tags.has('*');
    this.#anyAttr = attrs.has('*');
    this.#wantsText = text;
  }

  run(): ScannedLink[] {
    for (let kind = this.#scanner.next(); kind !== END; kind = this.#scanner.next()) {
      if (kind === START_TAG) this.#startTag();
      else if (kind === END_TAG) this.#endTag();
      else if (kind === TEXT && this.#open.length > 0) this.#addText();
    }
    this.#closeAll(0);
    return this.#found;
  }

  #startTag(): void {
    const scanner = this.#scanner;
    if (scanner.inSelect && this.#isLostInSelect(scanner.name)) return;
    this.#foreign.startTag();
    if (!scanner.foreign) {
      if (scanner.name === 'template') {
        this.#templates.push(scanner.inSelect);
        scanner.inSelect = false;
      } else if (scanner.name === 'select') scanner.inSelect = true;
      else if (scanner.name === 'table') this.#openTables += 1;
      else if (scanner.name === 'image') scanner.name = 'img';
    }
    const { name } = scanner;
    if (name === 'a' && this.#open.length > 0) this.#close('a');
    if (this.#anyTag || this.#tags.has(name)) this.#take(name);
  }

  /** Browsers drop most tags inside a select; some end it. */
  #isLostInSelect(name: string): boolean {
    const ends = ENDS_SELECT.has(name) || (this.#openTables > 0 && ENDS_SELECT_IN_TABLE.has(name));
    if (ends) this.#scanner.inSelect = false;
    return name === 'select' || !(ends || COUNTS_IN_SELECT.has(name));
  }

  /** What is inside of a template is not in the select around it, and ends with the template. */
  #closeTemplate(): void {
    const wasInSelect = this.#templates.pop();
    if (wasInSelect !== undefined) this.#scanner.inSelect = wasInSelect;
  }

  #endTag(): void {
    const { name } = this.#scanner;
    this.#foreign.endTag();
    if (name === 'template') this.#closeTemplate();
    else if (name === 'select') this.#scanner.inSelect = false;
    if (this.#openTables > 0 && ENDS_SELECT_IN_TABLE.has(name)) this.#scanner.inSelect = false;
    if (name === 'table' && this.#openTables > 0) this.#openTables -= 1;
    if (this.#open.length > 0) this.#close(name);
  }

  #take(tag: string): void {
    const scanner = this.#scanner;
    const links: MutableLink[] = [];
    const seen = this.#anyAttr || this.#attrs.size > 1 ? new Set<string>() : undefined;
    let rel: string | undefined;
    for (let at = 0; at < scanner.attributeCount; at += 1) {
      const attr = scanner.attributeName(at);
      if (!(this.#anyAttr || this.#attrs.has(attr))) continue;
      if (seen === undefined ? links.length > 0 : seen.has(attr)) continue;
      seen?.add(attr);
      rel ??= decodeEntities(scanner.attribute('rel') ?? '', 'attribute');
      const value = decodeEntities(scanner.attributeValue(at), 'attribute');
      links.push({ tag, attr, value, text: '', rel, nofollow: hasNofollow(rel) });
    }
    for (const link of links) this.#found.push(link);
    const isEmpty = scanner.foreign ? scanner.selfClosing : VOID.has(tag);
    if (!this.#wantsText || links.length === 0 || isEmpty) return;
    if (this.#open.length >= MAX_OPEN) this.#closeAll(0);
    this.#open.push({ tag, links, textStart: this.#text.length });
  }

  #addText(): void {
    const { literal } = this.#scanner;
    const text = this.#scanner.text();
    this.#text += literal ? text : decodeEntities(text, 'text');
  }

  #close(tag: string): void {
    for (let at = this.#open.length - 1; at >= 0; at -= 1) {
      if (this.#open[at]?.tag === tag) {
        this.#closeAll(at);
        return;
      }
    }
  }

  #closeAll(from: number): void {
    if (this.#open.length === from) return;
    for (const { links, textStart } of this.#open.splice(from)) {
      const text = this.#text.slice(textStart);
      for (const link of links) link.text = text;
    }
    if (this.#open.length === 0) this.#text = '';
  }
}

function hasNofollow(rel: string): boolean {
  if (rel.length < 8) return false;
  return rel.toLowerCase().split(/[\s,]/).includes('nofollow');
}
