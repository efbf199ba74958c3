import { SelectorError } from '../selector-error.ts';

/** A piece of an expression. */
export interface Token {
  readonly kind: 'number' | 'literal' | 'variable' | 'name' | 'operator' | 'end';
  readonly text: string;
  /** Where it begins in the expression. */
  readonly at: number;
}

const NAME = '[\\p{L}_][\\p{L}\\p{N}\\p{M}_.\\-·]*';
const TOKEN = new RegExp(
  [
    '(?<blank>[\\t\\n\\r ]+)',
    '(?<number>\\d+(?:\\.\\d*)?|\\.\\d+)',
    '(?<literal>"[^"]*"|\'[^\']*\')',
    `\\$(?<variable>${NAME}(?::${NAME})?)`,
    `(?<name>${NAME}(?::(?:${NAME}|\\*))?)`,
    '(?<operator>\\.\\.|::|//|!=|<=|>=|[()\\[\\].@,/|+\\-=<>*])',
  ].join('|'),
  'uy',
);

const OPERATOR_NAMES: ReadonlySet<string> = new Set(['and', 'or', 'mod', 'div']);
const OPERAND_ENDS: ReadonlySet<string> = new Set([')', ']', '.', '..']);

/** Cuts an expression into tokens. A word that stands where an operator must be is one; other `*` are names. */
export function tokenize(query: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < query.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const groups = TOKEN.exec(query)?.groups;
    if (groups === undefined) throw new SelectorError(query, `Unexpected ${JSON.stringify(query[at])}`, at);
    const token = tokenOf(groups, at, endsOperand(tokens[tokens.length - 1]));
    if (token !== undefined) tokens.push(token);
  }
  tokens.push({ kind: 'end', text: 'the end', at: query.length });
  return tokens;
}

function tokenOf(
  { number, literal, variable, name, operator }: Record<string, string | undefined>,
  at: number,
  isAfterOperand: boolean,
): Token | undefined {
  if (number !== undefined) return { kind: 'number', text: number, at };
  if (literal !== undefined) return { kind: 'literal', text: literal.slice(1, -1), at };
  if (variable !== undefined) return { kind: 'variable', text: variable, at };
  if (name !== undefined) {
    return { kind: isAfterOperand && OPERATOR_NAMES.has(name) ? 'operator' : 'name', text: name, at };
  }
  if (operator === undefined) return undefined;
  return { kind: operator === '*' && !isAfterOperand ? 'name' : 'operator', text: operator, at };
}

function endsOperand(last: Token | undefined): boolean {
  return last !== undefined && (last.kind !== 'operator' || OPERAND_ENDS.has(last.text));
}
