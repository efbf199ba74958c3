import type { WorkBudget } from '../work-budget.ts';
import { stringOf, type XPathNode } from './xpath-node.ts';

/** The four types of XPath. A set of nodes is in document order. */
export type Value = readonly XPathNode[] | string | number | boolean;

/** Is the value a set of nodes? */
export function isNodeSet(value: Value): value is readonly XPathNode[] {
  return typeof value === 'object';
}

/** As the function `boolean()`. */
export function toBoolean(value: Value): boolean {
  return isNodeSet(value) ? value.length > 0 : Boolean(value);
}

/** As the function `string()`. */
export function toText(value: Value, budget: WorkBudget): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return numberToString(value);
  if (typeof value === 'boolean') return String(value);
  const first = value[0];
  return first === undefined ? '' : stringOf(first, budget);
}

/** As the function `number()`. */
export function toNumber(value: Value, budget: WorkBudget): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return stringToNumber(toText(value, budget));
}

const NUMBER = /^[\t\n\r ]*(-?(?:\d+(?:\.\d*)?|\.\d+))[\t\n\r ]*$/;

function stringToNumber(text: string): number {
  const match = text.length > 1_000 ? null : NUMBER.exec(text);
  return match === null ? Number.NaN : Number(match[1]);
}

/** XPath knows no exponents. */
export function numberToString(value: number): string {
  if (Object.is(value, -0)) return '0';
  const text = String(value);
  if (!text.includes('e')) return text;
  if (Math.abs(value) >= 1) return BigInt(value).toString();
  const [digits = '', exponent = '0'] = text.split('e-');
  const sign = digits.startsWith('-') ? '-' : '';
  return `${sign}0.${'0'.repeat(Number(exponent) - 1)}${digits.replace(/[-.]/g, '')}`;
}

type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** Compares as XPath does: a set of nodes compares as any of its nodes would. */
export function compareValues(left: Value, operator: Comparison, right: Value, budget: WorkBudget): boolean {
  if (isNodeSet(left)) {
    if (isNodeSet(right)) return compareSets(left, operator, right, budget);
    return compareSet(left, right, (node, other) => comparePair(node, operator, other), budget);
  }
  if (isNodeSet(right))
    return compareSet(right, left, (node, other) => comparePair(other, operator, node), budget);
  return comparePair(left, operator, right);
}

type Atom = string | number | boolean;

function compareSet(
  nodes: readonly XPathNode[],
  other: Atom,
  test: (node: Atom, other: Atom) => boolean,
  budget: WorkBudget,
): boolean {
  if (typeof other === 'boolean') return test(nodes.length > 0, other);
  return nodes.some((node) => {
    budget.spend(1);
    return test(stringOf(node, budget), other);
  });
}

function compareSets(
  left: readonly XPathNode[],
  operator: Comparison,
  right: readonly XPathNode[],
  budget: WorkBudget,
): boolean {
  const strings = (nodes: readonly XPathNode[]) => nodes.map((node) => stringOf(node, budget));
  budget.spend(left.length + right.length);
  if (operator === '=') {
    const known = new Set(strings(left));
    return right.some((node) => known.has(stringOf(node, budget)));
  }
  if (operator === '!=') {
    const all = new Set([...strings(left), ...strings(right)]);
    return left.length > 0 && right.length > 0 && all.size > 1;
  }
  const numbers = (nodes: readonly XPathNode[]) =>
    strings(nodes)
      .map(stringToNumber)
      .filter((number) => !Number.isNaN(number));
  const lefts = numbers(left);
  const rights = numbers(right);
  if (lefts.length === 0 || rights.length === 0) return false;
  // Some pair compares so exactly when the outermost ones do.
  return operator === '<' || operator === '<='
    ? comparePair(least(lefts), operator, most(rights))
    : comparePair(most(lefts), operator, least(rights));
}

function least(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
}

function most(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
}

function comparePair(left: Atom, operator: Comparison, right: Atom): boolean {
  switch (operator) {
    case '=':
      return isEqual(left, right);
    case '!=':
      return !isEqual(left, right);
    case '<':
      return atomToNumber(left) < atomToNumber(right);
    case '<=':
      return atomToNumber(left) <= atomToNumber(right);
    case '>':
      return atomToNumber(left) > atomToNumber(right);
    case '>=':
      return atomToNumber(left) >= atomToNumber(right);
  }
}

function isEqual(left: Atom, right: Atom): boolean {
  if (typeof left === 'boolean' || typeof right === 'boolean') return Boolean(left) === Boolean(right);
  if (typeof left === 'number' || typeof right === 'number')
    return atomToNumber(left) === atomToNumber(right);
  return left === right;
}

function atomToNumber(value: Atom): number {
  return typeof value === 'string' ? stringToNumber(value) : Number(value);
}
