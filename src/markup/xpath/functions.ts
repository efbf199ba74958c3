import { hasWord } from '../css/complex-selector.ts';
import { append, Element, isElement, newAttributes, Text, type TreeNode } from '../node.ts';
import { regularExpression } from '../regular-expression.ts';
import { SelectorError } from '../selector-error.ts';
import type { Context } from './environment.ts';
import { localPart } from './node-test.ts';
import { isNodeSet, toBoolean, toNumber, toText, type Value } from './values.ts';
import { isAttributeNode, isSame, stringOf, type XPathNode } from './xpath-node.ts';

/** What a function takes and gives. */
export interface XPathFunction {
  readonly minArguments: number;
  readonly maxArguments: number;
  readonly gives: 'nodes' | 'string' | 'number' | 'boolean';
  /** Does it depend on where the node stands in its step? */
  readonly isPositional?: boolean;
  call(values: readonly Value[], context: Context): Value;
}

type StringFunction = (texts: readonly string[], context: Context) => Value;

/** A function of strings; without the first argument it is about the context node. */
function ofStrings(
  gives: XPathFunction['gives'],
  minArguments: number,
  maxArguments: number,
  apply: StringFunction,
): XPathFunction {
  return {
    minArguments,
    maxArguments,
    gives,
    call(values, context) {
      const { budget } = context.environment;
      if (values.length === 0 && maxArguments === 1) return apply([stringOf(context.node, budget)], context);
      return apply(
        values.map((value) => toText(value, budget)),
        context,
      );
    },
  };
}

/** A function of one number. */
function ofNumber(apply: (number: number) => number): XPathFunction {
  return {
    minArguments: 1,
    maxArguments: 1,
    gives: 'number',
    call: ([value = Number.NaN], { environment }) => apply(toNumber(value, environment.budget)),
  };
}

/** A function of a node: the first of a set, else the context node. */
function ofNode(apply: (node: XPathNode, context: Context) => string): XPathFunction {
  return {
    minArguments: 0,
    maxArguments: 1,
    gives: 'string',
    call([value], context) {
      const node = value === undefined ? context.node : nodes(value, context)[0];
      return node === undefined ? '' : apply(node, context);
    },
  };
}

/** A function of sets of nodes. */
function ofSets(
  gives: XPathFunction['gives'],
  count: number,
  apply: (sets: readonly (readonly XPathNode[])[], context: Context) => Value,
): XPathFunction {
  return {
    minArguments: count,
    maxArguments: count,
    gives,
    call: (values, context) =>
      apply(
        values.map((value) => nodes(value, context)),
        context,
      ),
  };
}

function nodes(value: Value, { environment }: Context): readonly XPathNode[] {
  if (isNodeSet(value)) return value;
  throw new SelectorError(
    environment.query,
    `Nodes expected instead of the ${typeof value} ${String(value)}`,
  );
}

/** The functions of XPath 1.0, those of EXSLT that lxml has, and Scrapy's `has-class`. */
export const FUNCTIONS: ReadonlyMap<string, XPathFunction> = new Map<string, XPathFunction>([
  [
    'last',
    { minArguments: 0, maxArguments: 0, gives: 'number', isPositional: true, call: (_, { size }) => size },
  ],
  [
    'position',
    {
      minArguments: 0,
      maxArguments: 0,
      gives: 'number',
      isPositional: true,
      call: (_, { position }) => position,
    },
  ],
  ['count', ofSets('number', 1, ([set = []]) => set.length)],
  [
    'id',
    {
      minArguments: 1,
      maxArguments: 1,
      gives: 'nodes',
      call: ([value = ''], context) => byId(value, context),
    },
  ],
  ['name', ofNode((node, context) => nameOf(node, context))],
  ['local-name', ofNode((node, context) => localPart(nameOf(node, context)))],
  ['namespace-uri', ofNode(namespaceUri)],
  ['string', ofStrings('string', 0, 1, ([text = '']) => text)],
  ['concat', ofStrings('string', 2, Number.POSITIVE_INFINITY, (texts) => texts.join(''))],
  ['starts-with', ofStrings('boolean', 2, 2, ([text = '', start = '']) => text.startsWith(start))],
  ['contains', ofStrings('boolean', 2, 2, ([text = '', part = '']) => text.includes(part))],
  [
    'substring-before',
    ofStrings('string', 2, 2, ([text = '', mark = '']) => text.slice(0, Math.max(0, text.indexOf(mark)))),
  ],
  ['substring-after', ofStrings('string', 2, 2, ([text = '', mark = '']) => after(text, mark))],
  ['string-length', ofStrings('number', 0, 1, ([text = '']) => codePoints(text).length)],
  ['normalize-space', ofStrings('string', 0, 1, ([text = '']) => normalizeSpace(text))],
  ['translate', ofStrings('string', 3, 3, ([text = '', from = '', to = '']) => translate(text, from, to))],
  ['substring', { minArguments: 2, maxArguments: 3, gives: 'string', call: substring }],
  [
    'boolean',
    { minArguments: 1, maxArguments: 1, gives: 'boolean', call: ([value = false]) => toBoolean(value) },
  ],
  [
    'not',
    { minArguments: 1, maxArguments: 1, gives: 'boolean', call: ([value = false]) => !toBoolean(value) },
  ],
  ['true', { minArguments: 0, maxArguments: 0, gives: 'boolean', call: () => true }],
  ['false', { minArguments: 0, maxArguments: 0, gives: 'boolean', call: () => false }],
  ['lang', ofStrings('boolean', 1, 1, ([language = ''], { node }) => hasLanguage(node, language))],
  [
    'number',
    {
      minArguments: 0,
      maxArguments: 1,
      gives: 'number',
      call: ([value], { node, environment }) => toNumber(value ?? [node], environment.budget),
    },
  ],
  ['sum', ofSets('number', 1, ([set = []], context) => sum(set, context))],
  ['floor', ofNumber(Math.floor)],
  ['ceiling', ofNumber(Math.ceil)],
  ['round', ofNumber(Math.round)],
  [
    'has-class',
    ofStrings('boolean', 1, Number.POSITIVE_INFINITY, (names, { node }) => hasClasses(node, names)),
  ],
  [
    're:test',
    ofStrings('boolean', 2, 3, ([text = '', pattern = '', flags = '']) =>
      expression(pattern, flags).test(text),
    ),
  ],
  [
    're:match',
    ofStrings('nodes', 2, 3, ([text = '', pattern = '', flags = '']) => matchNodes(text, pattern, flags)),
  ],
  [
    're:replace',
    ofStrings('string', 4, 4, ([text = '', pattern = '', flags = '', by = '']) =>
      replace(text, pattern, flags, by),
    ),
  ],
  ['set:difference', ofSets('nodes', 2, ([a = [], b = []]) => a.filter(notIn(b)))],
  ['set:intersection', ofSets('nodes', 2, ([a = [], b = []]) => a.filter(isIn(b)))],
  ['set:has-same-node', ofSets('boolean', 2, ([a = [], b = []]) => a.some(isIn(b)))],
  ['set:distinct', ofSets('nodes', 1, ([set = []], context) => distinct(set, context))],
  [
    'set:leading',
    ofSets('nodes', 2, ([a = [], b = []]) =>
      b[0] === undefined ? a : a.slice(0, Math.max(0, placeOf(b[0], a))),
    ),
  ],
  ['set:trailing', ofSets('nodes', 2, ([a = [], b = []]) => trailing(a, b[0]))],
]);

function byId(value: Value, { environment }: Context): Value {
  const texts = isNodeSet(value)
    ? value.map((node) => stringOf(node, environment.budget))
    : [toText(value, environment.budget)];
  const ids = new Set(texts.flatMap((text) => text.split(/[\t\n\r ]+/)).filter((id) => id !== ''));
  return [...ids].flatMap((id) => environment.index.withId(id).slice(0, 1)).sort((a, b) => a.order - b.order);
}

function nameOf(node: XPathNode, { environment }: Context): string {
  if (isAttributeNode(node)) return node.name;
  if (isElement(node)) return environment.index.nameOf(node);
  return node.type === 'directive' ? node.name.slice(1) : '';
}

function namespaceUri(node: XPathNode, { environment }: Context): string {
  if (environment.document.kind === 'html') return '';
  if (isAttributeNode(node)) return node.parent.attributeNamespaces?.get(node.name) ?? '';
  return isElement(node) ? node.namespace : '';
}

function after(text: string, mark: string): string {
  const at = text.indexOf(mark);
  return at === -1 ? '' : text.slice(at + mark.length);
}

const ASTRAL = /[\ud800-\udfff]/;

function codePoints(text: string): string | readonly string[] {
  return ASTRAL.test(text) ? Array.from(text) : text;
}

function normalizeSpace(text: string): string {
  return text.replace(/[\t\n\r ]+/g, ' ').replace(/^ | $/g, '');
}

function translate(text: string, from: string, to: string): string {
  const targets = Array.from(to);
  const map = new Map<string, string>();
  for (const [at, character] of Array.from(from).entries()) {
    if (!map.has(character)) map.set(character, targets[at] ?? '');
  }
  let translated = '';
  for (const character of text) translated += map.get(character) ?? character;
  return translated;
}

function substring(values: readonly Value[], { environment: { budget } }: Context): string {
  const [text = '', start = 0, length] = values;
  const from = Math.round(toNumber(start, budget));
  const to = length === undefined ? Number.POSITIVE_INFINITY : from + Math.round(toNumber(length, budget));
  const characters = codePoints(toText(text, budget));
  if (Number.isNaN(from) || Number.isNaN(to)) return '';
  const part = characters.slice(Math.max(0, from - 1), Math.max(0, to - 1));
  return typeof part === 'string' ? part : part.join('');
}

function hasLanguage(node: XPathNode, wanted: string): boolean {
  const language = wanted.toLowerCase();
  let at: TreeNode | null = isAttributeNode(node) ? node.parent : node;
  while (at !== null) {
    const value: string | undefined = isElement(at) ? (at.attribs['xml:lang'] ?? at.attribs.lang) : undefined;
    if (value !== undefined)
      return value.toLowerCase() === language || value.toLowerCase().startsWith(`${language}-`);
    at = at.parent;
  }
  return false;
}

function sum(set: readonly XPathNode[], { environment: { budget } }: Context): number {
  return set.reduce((total, node) => total + toNumber([node], budget), 0);
}

function hasClasses(node: XPathNode, names: readonly string[]): boolean {
  if (isAttributeNode(node) || !isElement(node)) return false;
  const classes = node.attribs.class;
  return classes !== undefined && names.every((name) => hasWord(classes, name));
}

function expression(pattern: string, flags: string): RegExp {
  return regularExpression(pattern, flags.includes('i') ? 'i' : '');
}

/** As lxml: the whole match and its groups, or with the flag g all matches, as elements named `match`. */
function matchNodes(text: string, pattern: string, flags: string): XPathNode[] {
  const global = regularExpression(pattern, `g${flags.includes('i') ? 'i' : ''}`);
  const all = [...text.matchAll(global)];
  const texts = flags.includes('g')
    ? all.map((match) => (match.length === 1 ? match[0] : match.slice(1).join('')))
    : (all[0]?.map((group) => group ?? '') ?? []);
  const parent = new Element('matches', '', newAttributes());
  return texts.map((found) => {
    const element = new Element('match', '', newAttributes());
    append(element, new Text(found));
    append(parent, element);
    return element;
  });
}

function replace(text: string, pattern: string, flags: string, by: string): string {
  const kept = [...flags].filter((flag) => flag === 'g' || flag === 'i').join('');
  // As in Python, where \1 is the first group and $ is a dollar.
  const replacement = by.replaceAll('$', '$$$$').replace(/\\(\d)/g, '$$$1');
  return text.replace(regularExpression(pattern, kept), replacement);
}

// Two attribute nodes may stand for one attribute: it is known by its element's place and its name.
function keyOf(node: XPathNode): unknown {
  return isAttributeNode(node) ? `${node.type} ${node.parent.order} ${node.name}` : node;
}

function isIn(set: readonly XPathNode[]): (node: XPathNode) => boolean {
  const members = new Set(set.map(keyOf));
  return (node) => members.has(keyOf(node));
}

function notIn(set: readonly XPathNode[]): (node: XPathNode) => boolean {
  const has = isIn(set);
  return (node) => !has(node);
}

function distinct(set: readonly XPathNode[], { environment: { budget } }: Context): XPathNode[] {
  const seen = new Set<string>();
  return set.filter((node) => {
    const text = stringOf(node, budget);
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
}

function placeOf(node: XPathNode, set: readonly XPathNode[]): number {
  return set.findIndex((other) => isSame(other, node));
}

function trailing(set: readonly XPathNode[], first: XPathNode | undefined): readonly XPathNode[] {
  if (first === undefined) return set;
  const at = placeOf(first, set);
  return at === -1 ? [] : set.slice(at + 1);
}
