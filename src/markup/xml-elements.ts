import { decodeXmlEntities } from './decode-xml-entities.ts';
import { PacedIterable } from './paced-iterable.ts';
import { type Namespaces, NO_NAMESPACES, parseXml } from './parse-xml.ts';
import { Selector } from './selector.ts';
import { END, END_TAG, START_TAG, TagScanner } from './tag-scanner.ts';

/** How `xmlElements` finds and shows elements. */
export interface XmlElementsOptions {
  /**
   * Prefixes for the wanted name and for queries on what is found: prefix to namespace. A prefix that is not named
   * here must stand so in the document.
   */
  readonly namespaces?: Readonly<Record<string, string>> | undefined;
}

interface OpenElement {
  readonly name: string;
  /** What held before its declarations. */
  readonly outer: Namespaces;
}

const TAGS_BETWEEN_BREATHS = 4096;
/** Declarations of elements nested deeper than this do not count. */
const MAX_DEPTH = 4000;
const MAX_NAMESPACES = 500;

/**
 * The elements of a name in an XML text, each parsed on its own as it is asked for: there is never a tree of the
 * whole. An element within one of the same name belongs to the outer one. A broken document gives what can be
 * read; entities other than the five of XML stand for themselves, nothing in a DTD counts.
 *
 * @param name - as the document has it (`item`), or with a prefix of `namespaces` (`g:item`).
 */
export function xmlElements(
  text: string,
  name: string,
  { namespaces = {} }: XmlElementsOptions = {},
): PacedIterable<Selector> {
  return new PacedIterable(() => elements(text, name, namespaces));
}

function* elements(
  text: string,
  wanted: string,
  prefixes: Readonly<Record<string, string>>,
): Generator<Selector | undefined> {
  const scanner = new TagScanner(text, 'xml');
  const scope = new Scope();
  const isWanted = wantedElement(wanted, prefixes);
  let tags = 0;
  for (let kind = scanner.next(); kind !== END; kind = scanner.next()) {
    if (kind === END_TAG) scope.close(scanner.name);
    if (kind !== START_TAG && kind !== END_TAG) continue;
    tags += 1;
    if (tags % TAGS_BETWEEN_BREATHS === 0) yield undefined;
    if (kind !== START_TAG) continue;
    const inside = scope.inside(scanner);
    if (isWanted(scanner.name, inside)) {
      const { start } = scanner;
      const document = parseXml(text.slice(start, endOfElement(scanner)), scope.current);
      const found = Selector.of(document);
      for (const [prefix, uri] of Object.entries(prefixes)) found.registerNamespace(prefix, uri);
      yield found;
    } else if (!scanner.selfClosing) {
      scope.open(scanner.name, inside);
    }
  }
}

function wantedElement(
  wanted: string,
  prefixes: Readonly<Record<string, string>>,
): (name: string, namespaces: Namespaces) => boolean {
  const colon = wanted.indexOf(':');
  const prefix = wanted.slice(0, Math.max(0, colon));
  const uri = colon > 0 && Object.hasOwn(prefixes, prefix) ? prefixes[prefix] : undefined;
  if (uri === undefined) return (name) => name === wanted;
  const local = wanted.slice(colon + 1);
  return (name, namespaces) => {
    if (name !== local && !name.endsWith(`:${local}`)) return false;
    const at = name.indexOf(':');
    return name.slice(at + 1) === local && namespaces.get(at < 0 ? '' : name.slice(0, at)) === uri;
  };
}

/** Goes on to the end of the element whose start tag was read last, and gives the place behind it. */
function endOfElement(scanner: TagScanner): number {
  const { name } = scanner;
  let { end } = scanner;
  let depth = scanner.selfClosing ? 0 : 1;
  while (depth > 0) {
    const kind = scanner.next();
    if (kind === END) return scanner.html.length;
    if (scanner.name !== name) continue;
    if (kind === START_TAG && !scanner.selfClosing) depth += 1;
    else if (kind === END_TAG) depth -= 1;
    end = scanner.end;
  }
  return end;
}

/** Which namespaces hold around the place that is read; only elements that declare some are remembered one by one. */
class Scope {
  current: Namespaces = NO_NAMESPACES;
  readonly #open: OpenElement[] = [];
  readonly #counts = new Map<string, number>();

  /** What holds within the element whose start tag was just read. */
  inside(scanner: TagScanner): Namespaces {
    let declared: Map<string, string> | undefined;
    for (let at = 0; at < scanner.attributeCount; at += 1) {
      const name = scanner.attributeName(at);
      if (name !== 'xmlns' && !name.startsWith('xmlns:')) continue;
      declared ??= new Map(this.current);
      if (declared.size < MAX_NAMESPACES)
        declared.set(name.slice('xmlns:'.length), decodeXmlEntities(scanner.attributeValue(at)));
    }
    return declared ?? this.current;
  }

  open(name: string, inside: Namespaces): void {
    if (this.#open.length >= MAX_DEPTH) return;
    this.#open.push({ name, outer: this.current });
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    this.current = inside;
  }

  /** An end tag closes all that was opened within its element; one that fits nothing is passed over. */
  close(name: string): void {
    if ((this.#counts.get(name) ?? 0) === 0) return;
    for (let last = this.#open.pop(); last !== undefined; last = this.#open.pop()) {
      this.current = last.outer;
      this.#counts.set(last.name, (this.#counts.get(last.name) ?? 1) - 1);
      if (last.name === name) return;
    }
  }
}
