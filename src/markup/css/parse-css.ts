import type { AttributeSelector, PseudoSelector, Selector as Token } from 'css-what';
import { lazyPackage } from '../lazy-package.ts';
import type { Element } from '../node.ts';
import { SelectorError } from '../selector-error.ts';
import { inside } from '../tree-index.ts';
import {
  type Combinator,
  type ComplexSelector,
  type Compound,
  candidatesFor,
  type ElementTest,
  hasWord,
  type MatchContext,
  matches,
} from './complex-selector.ts';
import { ALIASES, PLAIN, WITH_ARGUMENT } from './pseudo-classes.ts';

const cssWhat = lazyPackage<typeof import('css-what')>('css-what');

/** What a query wants of the elements that match: themselves, their texts, or an attribute. */
export type Wanted =
  | { readonly what: 'element' }
  | { readonly what: 'text' | 'attribute'; readonly name: string; readonly deep: boolean };

/** One alternative of a query. Without a selector it is about the scope itself. */
export interface CssGroup {
  readonly selector: ComplexSelector;
  readonly wanted: Wanted;
}

const COMBINATORS: ReadonlySet<string> = new Set(['descendant', 'child', 'adjacent', 'sibling']);
const CAPITALS: ReadonlySet<string> = new Set([
  'http://www.w3.org/2000/svg',
  'http://www.w3.org/1998/Math/MathML',
]);

/** Reads a query. Throws {@link SelectorError} when it is none. */
export function parseCss(query: string, isXml: boolean): readonly CssGroup[] {
  return new CssCompiler(query, isXml).run();
}

class CssCompiler {
  readonly #query: string;
  readonly #isXml: boolean;

  constructor(query: string, isXml: boolean) {
    this.#query = query;
    this.#isXml = isXml;
  }

  run(): readonly CssGroup[] {
    if (this.#query.trim() === '') this.#fail('There is nothing to look for');
    return this.#parse(this.#query).map((tokens) => this.#group(tokens));
  }

  #parse(text: string): Token[][] {
    try {
      return cssWhat().parse(text);
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      // What css-what found is then the end.
      const named = problem.replace(/found $/, 'found the end of the selector');
      throw new SelectorError(this.#query, named, undefined, { cause: error });
    }
  }

  #fail(problem: string): never {
    throw new SelectorError(this.#query, problem);
  }

  #group(tokens: readonly Token[]): CssGroup {
    const last = tokens[tokens.length - 1];
    if (last?.type !== 'pseudo-element')
      return { selector: this.#complex(tokens), wanted: { what: 'element' } };
    const { what, name } = this.#wanted(last.name, last.data);
    const rest = tokens.slice(0, -1);
    const before = rest[rest.length - 1];
    const isBare = before === undefined || COMBINATORS.has(before.type);
    const selector = this.#complex(
      isBare ? [...rest, { type: 'universal', namespace: null } as Token] : rest,
    );
    const end = selector[selector.length - 1];
    // `a *::text` is all text in a: that of the element itself, too.
    const deep = end?.isUniversal === true && end.combinator === 'descendant';
    return { selector: deep ? selector.slice(0, -1) : selector, wanted: { what, name, deep } };
  }

  #wanted(pseudoElement: string, data: string | null): { what: 'text' | 'attribute'; name: string } {
    if (pseudoElement === 'text' && data === null) return { what: 'text', name: '' };
    const name = data?.trim().replace(/^(["'])(.*)\1$/, '$2') ?? '';
    if (pseudoElement === 'attr' && name !== '') {
      return { what: 'attribute', name: this.#isXml ? name : name.toLowerCase() };
    }
    return this.#fail(`There are ::text and ::attr(name), not ::${pseudoElement}`);
  }

  #complex(tokens: readonly Token[]): ComplexSelector {
    const compounds: Compound[] = [];
    let combinator: Combinator = 'descendant';
    let part: Token[] = [];
    const first = tokens[0];
    // `> li` is about the children of the scope.
    if (first !== undefined && COMBINATORS.has(first.type)) part.push(pseudo('scope'));
    for (const token of tokens) {
      if (COMBINATORS.has(token.type)) {
        compounds.push(this.#compound(part, combinator));
        combinator = token.type as Combinator;
        part = [];
      } else {
        part.push(token);
      }
    }
    compounds.push(this.#compound(part, combinator));
    return compounds;
  }

  #compound(tokens: readonly Token[], combinator: Combinator): Compound {
    if (tokens.length === 0) this.#fail('There is a combinator with nothing beside it');
    const rarest = tokens.reduce<Token | undefined>(
      (best, token) => (this.#rarity(token) > this.#rarity(best) ? token : best),
      undefined,
    );
    const key = rarest && this.#keyOf(rarest);
    const tests = tokens.flatMap((token) => (token === rarest ? [] : (this.#test(token) ?? [])));
    return { combinator, key, tests, isUniversal: key === undefined && tests.length === 0 };
  }

  #rarity(token: Token | undefined): number {
    const key = token && this.#keyOf(token);
    return key === undefined ? 0 : RARITY[key.by];
  }

  #keyOf(token: Token): Compound['key'] {
    if (token.type === 'tag' && token.namespace === null)
      return { by: 'name', value: this.#fold(token.name) };
    if (token.type !== 'attribute' || token.ignoreCase === true || token.namespace !== null) return undefined;
    if (token.name === 'id' && token.action === 'equals') return { by: 'id', value: token.value };
    const isClass = token.name === 'class' && token.action === 'element';
    return isClass && /^\S+$/.test(token.value) ? { by: 'class', value: token.value } : undefined;
  }

  #fold(name: string): string {
    return this.#isXml ? name : name.toLowerCase();
  }

  #test(token: Token): ElementTest | undefined {
    switch (token.type) {
      case 'tag':
        return this.#nameTest(token.name, token.namespace);
      case 'universal':
        return token.namespace === null || token.namespace === '*'
          ? undefined
          : this.#nameTest('*', token.namespace);
      case 'attribute':
        return this.#attributeTest(token);
      case 'pseudo':
        return this.#pseudoTest(token);
      case 'pseudo-element':
        return this.#fail(`::${token.name} must come last`);
      default:
        return this.#fail(`The combinator ${token.type} is not known here`);
    }
  }

  #nameTest(wantedName: string, prefix: string | null): ElementTest {
    const name = this.#fold(wantedName);
    return (element, { index, namespaces }) => {
      if (prefix === null) return index.nameOf(element) === name;
      if (name !== '*' && index.nameOf(element).slice(prefixLength(element.name)) !== name) return false;
      if (prefix === '*') return true;
      const namespace = prefix === '' ? '' : namespaces.get(prefix);
      return namespace === undefined
        ? element.name.startsWith(`${prefix}:`)
        : element.namespace === namespace;
    };
  }

  #attributeTest(token: AttributeSelector): ElementTest {
    const { action, namespace } = token;
    const folds = token.ignoreCase === true;
    const name = this.#fold(
      namespace !== null && namespace !== '*' && namespace !== '' ? `${namespace}:${token.name}` : token.name,
    );
    const wanted = folds ? token.value.toLowerCase() : token.value;
    const test = (value: string) => compare(folds ? value.toLowerCase() : value, action, wanted);
    if (action === 'not') {
      return (element) => {
        const value = attributeOf(element, name);
        return value === undefined || !compare(folds ? value.toLowerCase() : value, 'equals', wanted);
      };
    }
    return (element) => {
      const value = attributeOf(element, name);
      return value !== undefined && test(value);
    };
  }

  #pseudoTest({ name, data }: PseudoSelector): ElementTest {
    if (Array.isArray(data)) return this.#listTest(name, data);
    const alias = data === null ? ALIASES.get(name) : undefined;
    if (alias !== undefined) return this.#anyOf(this.#parse(alias));
    const test = data === null ? PLAIN.get(name) : WITH_ARGUMENT.get(name)?.(data);
    if (test !== undefined) return test;
    const isKnown = PLAIN.has(name) || WITH_ARGUMENT.has(name);
    return this.#fail(
      isKnown ? `The argument of :${name} can't be read` : `There is no pseudo-class :${name}`,
    );
  }

  #listTest(name: string, alternatives: readonly (readonly Token[])[]): ElementTest {
    switch (name) {
      case 'is':
      case 'where':
      case 'matches':
        return this.#anyOf(alternatives);
      case 'not': {
        const test = this.#anyOf(alternatives);
        return (element, context) => !test(element, context);
      }
      case 'has': {
        const tests = alternatives.map((tokens) => this.#has(tokens));
        return (element, context) => tests.some((test) => test(element, context));
      }
      default:
        return this.#fail(`There is no pseudo-class :${name}`);
    }
  }

  #anyOf(alternatives: readonly (readonly Token[])[]): ElementTest {
    const selectors = alternatives.map((tokens) => this.#complex(tokens));
    return (element, context) => selectors.some((selector) => matches(element, selector, context));
  }

  #has(tokens: readonly Token[]): ElementTest {
    const first = tokens[0];
    const relative =
      first !== undefined && COMBINATORS.has(first.type)
        ? tokens
        : [{ type: 'descendant' } as Token, ...tokens];
    const selector = this.#complex(relative);
    const amongSiblings = relative[0]?.type === 'adjacent' || relative[0]?.type === 'sibling';
    const last = selector[selector.length - 1];
    if (last === undefined) return () => false;
    return (element, context) => {
      const scope = amongSiblings ? context.scope : element;
      const inner: MatchContext = { ...context, scope, anchor: element };
      const from = amongSiblings ? element.parent : element;
      if (from === null) return false;
      return inside(candidatesFor(last, context.index), from).some(
        (candidate) => candidate.order > element.order && matches(candidate, selector, inner),
      );
    };
  }
}

// The rarer, the shorter the list that the index gives.
const RARITY: Readonly<Record<'name' | 'class' | 'id', number>> = { name: 1, class: 2, id: 3 };

function pseudo(name: string): Token {
  return { type: 'pseudo', name, data: null } as Token;
}

function prefixLength(name: string): number {
  return name.indexOf(':') + 1;
}

function compare(value: string, action: `${AttributeSelector['action']}`, wanted: string): boolean {
  switch (action) {
    case 'exists':
      return true;
    case 'equals':
      return value === wanted;
    case 'element':
      return wanted !== '' && !/\s/.test(wanted) && hasWord(value, wanted);
    case 'start':
      return wanted !== '' && value.startsWith(wanted);
    case 'end':
      return wanted !== '' && value.endsWith(wanted);
    case 'any':
      return wanted !== '' && value.includes(wanted);
    case 'hyphen':
      return value === wanted || value.startsWith(`${wanted}-`);
    default:
      return false;
  }
}

/** An attribute by its name as the query has it: names in SVG have capitals, those in queries about HTML none. */
export function attributeOf(element: Element, name: string): string | undefined {
  const value = element.attribs[name];
  if (value !== undefined || !CAPITALS.has(element.namespace)) return value;
  for (const other in element.attribs) {
    if (other.toLowerCase() === name) return element.attribs[other];
  }
  return undefined;
}
