/** The axes of XPath. */
export type Axis =
  | 'ancestor'
  | 'ancestor-or-self'
  | 'attribute'
  | 'child'
  | 'descendant'
  | 'descendant-or-self'
  | 'following'
  | 'following-sibling'
  | 'namespace'
  | 'parent'
  | 'preceding'
  | 'preceding-sibling'
  | 'self';

/** What a step asks of a node. */
export type NodeTest =
  | { readonly test: 'name'; readonly prefix: string; readonly local: string }
  | { readonly test: 'node' | 'text' | 'comment' }
  | { readonly test: 'processing-instruction'; readonly target: string };

/** One step of a path. */
export interface Step {
  readonly axis: Axis;
  readonly test: NodeTest;
  readonly predicates: readonly Expression[];
}

/** The operators that take two values. */
export type BinaryOperator =
  | 'or'
  | 'and'
  | '='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '+'
  | '-'
  | '*'
  | 'div'
  | 'mod';

/** A parsed expression. `at` is its place in the query. */
export type Expression =
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'negate'; readonly operand: Expression }
  | { readonly kind: 'union'; readonly parts: readonly Expression[] }
  | { readonly kind: 'literal'; readonly value: string | number }
  | { readonly kind: 'variable'; readonly name: string; readonly at: number }
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly arguments: readonly Expression[];
      readonly at: number;
    }
  | { readonly kind: 'filter'; readonly base: Expression; readonly predicates: readonly Expression[] }
  | {
      readonly kind: 'path';
      readonly from: 'root' | 'context' | Expression;
      readonly steps: readonly Step[];
    };
