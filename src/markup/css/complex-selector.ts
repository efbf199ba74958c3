import { type ChildNode, type Document, type Element, isElement } from '../node.ts';
import { inside, type TreeIndex } from '../tree-index.ts';
import type { WorkBudget } from '../work-budget.ts';
import type { ChildPositions } from './child-positions.ts';

/** What the tests of a query need to know besides the element. */
export interface MatchContext {
  /** Where the query began: nothing above it counts. */
  readonly scope: Element | Document;
  /** The element a `:has()` is asked about. */
  readonly anchor?: Element;
  readonly index: TreeIndex;
  readonly budget: WorkBudget;
  readonly positions: ChildPositions;
  /** The namespaces that prefixes in the query stand for. */
  readonly namespaces: ReadonlyMap<string, string>;
}

/** Does an element have what one part of a selector asks for? */
export type ElementTest = (element: Element, context: MatchContext) => boolean;

/** How the element of one compound stands to the one before it. */
export type Combinator = 'descendant' | 'child' | 'adjacent' | 'sibling';

/** What is asked of one element: `a.next[href]`. */
export interface Compound {
  /** How the element stands to that of the compound before. */
  readonly combinator: Combinator;
  /** What the element is found by in the index, the rarest first. Undefined: all elements. */
  readonly key: { readonly by: 'id' | 'class' | 'name'; readonly value: string } | undefined;
  /** The tests beyond the key. */
  readonly tests: readonly ElementTest[];
  /** Does it ask for nothing at all, as `*`? */
  readonly isUniversal: boolean;
}

/** Compounds in the order of the query: `ul > li a.next`. */
export type ComplexSelector = readonly Compound[];

// What a failed match says about others: whether one with other siblings, or other ancestors, could do better.
const MATCHES = 0;
const FAILS_HERE = 1;
const FAILS_ALL_SIBLINGS = 2;
const FAILS_COMPLETELY = 3;

/** Does the element match? */
export function matches(element: Element, selector: ComplexSelector, context: MatchContext): boolean {
  return matchFrom(element, selector, selector.length - 1, context, false) === MATCHES;
}

/** The elements of an indexed tree that match, those inside the scope, in document order. */
export function selectInside(selector: ComplexSelector, context: MatchContext): readonly Element[] {
  const last = selector[selector.length - 1];
  if (last === undefined) return [];
  const candidates = inside(candidatesFor(last, context.index), context.scope);
  if (selector.length === 1 && last.tests.length === 0) return candidates;
  return candidates.filter(
    (element) => matchFrom(element, selector, selector.length - 1, context, true) === MATCHES,
  );
}

/** The elements among which those of a compound are. */
export function candidatesFor({ key }: Compound, index: TreeIndex): readonly Element[] {
  if (key === undefined) return index.elements;
  if (key.by === 'id') return index.withId(key.value);
  return key.by === 'class' ? index.withClass(key.value) : index.named(key.value);
}

// As the engines of browsers do: `a b c` never tries the ancestors of one chain twice.
function matchFrom(
  element: Element,
  selector: ComplexSelector,
  at: number,
  context: MatchContext,
  isCandidate: boolean,
): number {
  context.budget.spend(1);
  const compound = selector[at];
  if (compound === undefined || !matchesCompound(element, compound, context, isCandidate)) return FAILS_HERE;
  if (at === 0) return MATCHES;
  switch (compound.combinator) {
    case 'descendant': {
      let above = parentOf(element, context);
      while (above !== undefined) {
        const result = matchFrom(above, selector, at - 1, context, false);
        if (result === MATCHES || result === FAILS_COMPLETELY) return result;
        above = parentOf(above, context);
      }
      return FAILS_COMPLETELY;
    }
    case 'child': {
      const above = parentOf(element, context);
      return above === undefined ? FAILS_COMPLETELY : matchFrom(above, selector, at - 1, context, false);
    }
    case 'adjacent': {
      const before = previousElement(element);
      return before === undefined ? FAILS_ALL_SIBLINGS : matchFrom(before, selector, at - 1, context, false);
    }
    case 'sibling': {
      let before = previousElement(element);
      while (before !== undefined) {
        const result = matchFrom(before, selector, at - 1, context, false);
        if (result !== FAILS_HERE) return result;
        before = previousElement(before);
      }
      return FAILS_ALL_SIBLINGS;
    }
  }
}

function matchesCompound(
  element: Element,
  { key, tests }: Compound,
  context: MatchContext,
  isCandidate: boolean,
): boolean {
  if (!isCandidate && key !== undefined && !hasKey(element, key, context)) return false;
  for (const test of tests) if (!test(element, context)) return false;
  return true;
}

function hasKey(element: Element, key: NonNullable<Compound['key']>, { index }: MatchContext): boolean {
  if (key.by === 'name') return index.nameOf(element) === key.value;
  if (key.by === 'id') return element.attribs.id === key.value;
  const classes = element.attribs.class;
  return classes !== undefined && hasWord(classes, key.value);
}

/** Is a word among those of a text, white space between them? */
export function hasWord(text: string, word: string): boolean {
  if (text === word) return true;
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    const end = at + word.length;
    if (
      (at === 0 || isBlank(text.charCodeAt(at - 1))) &&
      (end === text.length || isBlank(text.charCodeAt(end)))
    ) {
      return true;
    }
  }
  return false;
}

function isBlank(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13 && code !== 11);
}

function parentOf(element: Element, { scope }: MatchContext): Element | undefined {
  const { parent } = element;
  return element !== scope && isElement(parent) ? parent : undefined;
}

function previousElement(element: Element): Element | undefined {
  let before: ChildNode | null = element.prev;
  while (before !== null && !isElement(before)) before = before.prev;
  return before ?? undefined;
}
