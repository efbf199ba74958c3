import { SelectorError } from '../selector-error.ts';
import type { Axis, BinaryOperator, Expression, NodeTest, Step } from './expression.ts';
import { type Token, tokenize } from './tokens.ts';

const MAX_LENGTH = 20_000;
const MAX_NESTING = 100;

const AXES: ReadonlySet<string> = new Set<Axis>([
  'ancestor',
  'ancestor-or-self',
  'attribute',
  'child',
  'descendant',
  'descendant-or-self',
  'following',
  'following-sibling',
  'namespace',
  'parent',
  'preceding',
  'preceding-sibling',
  'self',
]);
const NODE_TYPES: ReadonlySet<string> = new Set(['node', 'text', 'comment', 'processing-instruction']);

// From the loosest binding to the tightest.
const PRECEDENCE: readonly (readonly BinaryOperator[])[] = [
  ['or'],
  ['and'],
  ['=', '!='],
  ['<', '<=', '>', '>='],
  ['+', '-'],
  ['*', 'div', 'mod'],
];

const ANY_NODE: NodeTest = { test: 'node' };
const DESCENDANTS: Step = { axis: 'descendant-or-self', test: ANY_NODE, predicates: [] };

/** Reads an XPath 1.0 expression. Throws {@link SelectorError} with the place of the trouble. */
export function parseXPath(query: string): Expression {
  return new XPathParser(query).run();
}

class XPathParser {
  readonly #query: string;
  readonly #tokens: readonly Token[];
  #at = 0;
  #nesting = 0;

  constructor(query: string) {
    if (query.length > MAX_LENGTH) {
      throw new SelectorError(`${query.slice(0, 100)}…`, `More than ${MAX_LENGTH} characters`);
    }
    this.#query = query;
    this.#tokens = tokenize(query);
  }

  run(): Expression {
    const expression = this.#expression();
    if (this.#next.kind !== 'end') this.#fail();
    return expression;
  }

  get #next(): Token {
    return this.#peek(0);
  }

  #peek(ahead: number): Token {
    return this.#tokens[this.#at + ahead] ?? { kind: 'end', text: 'the end', at: this.#query.length };
  }

  #fail(expected?: string): never {
    const { text, at } = this.#next;
    throw new SelectorError(this.#query, `${expected ?? 'Something else'} expected instead of ${text}`, at);
  }

  #is(operator: string): boolean {
    return this.#next.kind === 'operator' && this.#next.text === operator;
  }

  #skip(operator: string): boolean {
    if (!this.#is(operator)) return false;
    this.#at += 1;
    return true;
  }

  #expect(operator: string): void {
    if (!this.#skip(operator)) this.#fail(operator);
  }

  #take(): Token {
    const token = this.#next;
    this.#at += 1;
    return token;
  }

  #expression(): Expression {
    this.#nesting += 1;
    if (this.#nesting > MAX_NESTING) this.#fail('Less nesting');
    const expression = this.#binary(0);
    this.#nesting -= 1;
    return expression;
  }

  #binary(level: number): Expression {
    const operators = PRECEDENCE[level];
    if (operators === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      const operator = operators.find((name) => this.#skip(name));
      if (operator === undefined) return left;
      left = { kind: 'binary', operator, left, right: this.#binary(level + 1) };
    }
  }

  #unary(): Expression {
    let negations = 0;
    while (this.#skip('-')) negations += 1;
    const operand = this.#union();
    if (negations === 0) return operand;
    const negated: Expression = { kind: 'negate', operand };
    return negations % 2 === 1 ? negated : { kind: 'negate', operand: negated };
  }

  #union(): Expression {
    const first = this.#path();
    if (!this.#is('|')) return first;
    const parts = [first];
    while (this.#skip('|')) parts.push(this.#path());
    return { kind: 'union', parts };
  }

  #path(): Expression {
    if (this.#is('/') || this.#is('//')) return { kind: 'path', from: 'root', steps: this.#rootedSteps() };
    if (!this.#startsPrimary()) {
      const steps = [this.#step()];
      this.#moreSteps(steps);
      return { kind: 'path', from: 'context', steps };
    }
    const primary = this.#primary();
    const predicates = this.#predicates();
    const base: Expression =
      predicates.length === 0 ? primary : { kind: 'filter', base: primary, predicates };
    const steps: Step[] = [];
    this.#moreSteps(steps);
    return steps.length === 0 ? base : { kind: 'path', from: base, steps };
  }

  #rootedSteps(): Step[] {
    const steps: Step[] = [];
    if (this.#skip('/')) {
      if (!this.#startsStep()) return steps;
      steps.push(this.#step());
    }
    this.#moreSteps(steps);
    return steps;
  }

  #moreSteps(steps: Step[]): void {
    for (;;) {
      if (this.#skip('//')) steps.push(DESCENDANTS);
      else if (!this.#skip('/')) return;
      steps.push(this.#step());
    }
  }

  #startsStep(): boolean {
    const { kind, text } = this.#next;
    return kind === 'name' || (kind === 'operator' && ['.', '..', '@'].includes(text));
  }

  #startsPrimary(): boolean {
    const { kind, text } = this.#next;
    if (kind === 'number' || kind === 'literal' || kind === 'variable') return true;
    if (kind === 'operator') return text === '(';
    return kind === 'name' && this.#opensParenthesis() && !NODE_TYPES.has(text);
  }

  #opensParenthesis(): boolean {
    const { kind, text } = this.#peek(1);
    return kind === 'operator' && text === '(';
  }

  #primary(): Expression {
    const { kind, text, at } = this.#take();
    switch (kind) {
      case 'number':
        return { kind: 'literal', value: Number(text) };
      case 'literal':
        return { kind: 'literal', value: text };
      case 'variable':
        return { kind: 'variable', name: text, at };
      case 'name':
        return { kind: 'call', name: text, arguments: this.#arguments(), at };
      default: {
        const inner = this.#expression();
        this.#expect(')');
        return inner;
      }
    }
  }

  #arguments(): Expression[] {
    this.#expect('(');
    const found: Expression[] = [];
    if (this.#skip(')')) return found;
    do found.push(this.#expression());
    while (this.#skip(','));
    this.#expect(')');
    return found;
  }

  #predicates(): Expression[] {
    const predicates: Expression[] = [];
    while (this.#skip('[')) {
      predicates.push(this.#expression());
      this.#expect(']');
    }
    return predicates;
  }

  #step(): Step {
    if (this.#skip('.')) return { axis: 'self', test: ANY_NODE, predicates: [] };
    if (this.#skip('..')) return { axis: 'parent', test: ANY_NODE, predicates: [] };
    const axis = this.#axis();
    const test = this.#nodeTest();
    return { axis, test, predicates: this.#predicates() };
  }

  #axis(): Axis {
    if (this.#skip('@')) return 'attribute';
    const { kind, text } = this.#peek(1);
    if (kind !== 'operator' || text !== '::') return 'child';
    const axis = this.#next.text;
    if (!AXES.has(axis)) this.#fail('The name of an axis');
    this.#at += 2;
    return axis as Axis;
  }

  #nodeTest(): NodeTest {
    if (this.#next.kind !== 'name') this.#fail('A step');
    const isCall = this.#opensParenthesis();
    const { text } = this.#take();
    if (isCall) return this.#typeTest(text);
    const colon = text.indexOf(':');
    return { test: 'name', prefix: colon === -1 ? '' : text.slice(0, colon), local: text.slice(colon + 1) };
  }

  #typeTest(type: string): NodeTest {
    if (!NODE_TYPES.has(type)) {
      this.#at -= 1;
      this.#fail('A step');
    }
    this.#expect('(');
    let target = '';
    if (type === 'processing-instruction' && this.#next.kind === 'literal') target = this.#take().text;
    this.#expect(')');
    if (type === 'processing-instruction') return { test: type, target };
    return { test: type as 'node' | 'text' | 'comment' };
  }
}
