import { isElement } from '../node.ts';
import { SelectorError } from '../selector-error.ts';
import { inside } from '../tree-index.ts';
import { isReverse, nodesOn } from './axes.ts';
import type { Context, Environment } from './environment.ts';
import type { BinaryOperator, Expression, Step } from './expression.ts';
import { FUNCTIONS } from './functions.ts';
import { compileNodeTest } from './node-test.ts';
import { compareValues, isNodeSet, toBoolean, toNumber, type Value } from './values.ts';
import { inDocumentOrder, isAttributeNode, type XPathNode } from './xpath-node.ts';

/** An expression made ready to run. */
export interface Compiled {
  evaluate(context: Context): Value;
  /** What it gives, where that is known beforehand. */
  readonly gives: 'nodes' | 'string' | 'number' | 'boolean' | 'unknown';
  /** Does it depend on where the node stands in its step? */
  readonly isPositional: boolean;
  /** The name, when it is one attribute of the context node. */
  readonly attribute?: string;
}

type StepFunction = (nodes: readonly XPathNode[], environment: Environment) => readonly XPathNode[];

/** Makes an expression ready to run on pages of one kind. Throws {@link SelectorError} on unknown functions. */
export function compileXPath(expression: Expression, query: string, isHtml: boolean): Compiled {
  return new XPathCompiler(query, isHtml).compile(expression);
}

class XPathCompiler {
  readonly #query: string;
  readonly #isHtml: boolean;

  constructor(query: string, isHtml: boolean) {
    this.#query = query;
    this.#isHtml = isHtml;
  }

  compile(expression: Expression): Compiled {
    switch (expression.kind) {
      case 'literal': {
        const { value } = expression;
        return {
          evaluate: () => value,
          gives: typeof value === 'number' ? 'number' : 'string',
          isPositional: false,
        };
      }
      case 'variable':
        return this.#variable(expression.name, expression.at);
      case 'negate': {
        const operand = this.compile(expression.operand);
        return {
          evaluate: (context) => -toNumber(operand.evaluate(context), context.environment.budget),
          gives: 'number',
          isPositional: operand.isPositional,
        };
      }
      case 'binary':
        return this.#binary(expression.operator, expression.left, expression.right);
      case 'union':
        return this.#union(expression.parts);
      case 'call':
        return this.#call(expression.name, expression.arguments, expression.at);
      case 'filter':
        return this.#filter(expression.base, expression.predicates);
      case 'path':
        return this.#path(expression.from, expression.steps);
    }
  }

  #variable(name: string, at: number): Compiled {
    return {
      evaluate: ({ environment }) => {
        const value = environment.variables.get(name);
        if (value !== undefined) return value;
        throw new SelectorError(environment.query, `There is no variable $${name}`, at);
      },
      gives: 'unknown',
      isPositional: false,
    };
  }

  #binary(operator: BinaryOperator, leftSide: Expression, rightSide: Expression): Compiled {
    const left = this.compile(leftSide);
    const right = this.compile(rightSide);
    const isPositional = left.isPositional || right.isPositional;
    switch (operator) {
      case 'and':
        return {
          evaluate: (context) => toBoolean(left.evaluate(context)) && toBoolean(right.evaluate(context)),
          gives: 'boolean',
          isPositional,
        };
      case 'or':
        return {
          evaluate: (context) => toBoolean(left.evaluate(context)) || toBoolean(right.evaluate(context)),
          gives: 'boolean',
          isPositional,
        };
      case '=':
      case '!=':
      case '<':
      case '<=':
      case '>':
      case '>=':
        return (
          attributeComparison(operator, left, rightSide) ??
          attributeComparison(operator, right, leftSide) ?? {
            evaluate: (context) =>
              compareValues(
                left.evaluate(context),
                operator,
                right.evaluate(context),
                context.environment.budget,
              ),
            gives: 'boolean',
            isPositional,
          }
        );
      default: {
        const compute = ARITHMETIC[operator];
        return {
          evaluate: (context) => {
            const { budget } = context.environment;
            return compute(
              toNumber(left.evaluate(context), budget),
              toNumber(right.evaluate(context), budget),
            );
          },
          gives: 'number',
          isPositional,
        };
      }
    }
  }

  #union(parts: readonly Expression[]): Compiled {
    const compiled = parts.map((part) => this.compile(part));
    return {
      evaluate: (context) => inDocumentOrder(compiled.flatMap((part) => this.#nodes(part.evaluate(context)))),
      gives: 'nodes',
      isPositional: compiled.some((part) => part.isPositional),
    };
  }

  #nodes(value: Value): readonly XPathNode[] {
    if (isNodeSet(value)) return value;
    throw new SelectorError(this.#query, `Nodes expected instead of the ${typeof value} ${String(value)}`);
  }

  #call(name: string, argumentExpressions: readonly Expression[], at: number): Compiled {
    const found = FUNCTIONS.get(name);
    if (found === undefined) throw new SelectorError(this.#query, `There is no function ${name}()`, at);
    const { length } = argumentExpressions;
    if (length < found.minArguments || length > found.maxArguments) {
      throw new SelectorError(this.#query, `${name}() does not take ${length} arguments`, at);
    }
    const compiled = argumentExpressions.map((argument) => this.compile(argument));
    return {
      evaluate: (context) =>
        found.call(
          compiled.map((argument) => argument.evaluate(context)),
          context,
        ),
      gives: found.gives,
      isPositional: found.isPositional === true || compiled.some((argument) => argument.isPositional),
    };
  }

  #filter(baseExpression: Expression, predicateExpressions: readonly Expression[]): Compiled {
    const base = this.compile(baseExpression);
    const predicates = this.#predicates(predicateExpressions);
    return {
      evaluate: (context) =>
        applyPredicates(this.#nodes(base.evaluate(context)), predicates, context.environment),
      gives: 'nodes',
      isPositional: base.isPositional,
    };
  }

  #predicates(expressions: readonly Expression[]): readonly Compiled[] {
    return expressions.map((expression) => this.compile(expression));
  }

  #path(from: 'root' | 'context' | Expression, steps: readonly Step[]): Compiled {
    const base = typeof from === 'string' ? undefined : this.compile(from);
    const functions = this.#steps(steps);
    const evaluate = (context: Context): readonly XPathNode[] => {
      const { environment } = context;
      let nodes: readonly XPathNode[];
      if (base !== undefined) nodes = this.#nodes(base.evaluate(context));
      else nodes = [from === 'root' ? environment.index.root : context.node];
      for (const step of functions) {
        if (nodes.length === 0) return nodes;
        nodes = step(nodes, environment);
      }
      return nodes;
    };
    const attribute = from === 'context' ? plainAttribute(steps, this.#isHtml) : undefined;
    const isPositional = base?.isPositional ?? false;
    return attribute === undefined
      ? { evaluate, gives: 'nodes', isPositional }
      : { evaluate, gives: 'nodes', isPositional, attribute };
  }

  #steps(steps: readonly Step[]): StepFunction[] {
    const functions: StepFunction[] = [];
    for (let at = 0; at < steps.length; at += 1) {
      const step = steps[at];
      const next = steps[at + 1];
      if (step === undefined) continue;
      if (next?.axis === 'child' && isAllDescendants(step)) {
        functions.push(this.#childrenOfDescendants(next));
        at += 1;
      } else {
        functions.push(this.#step(step));
      }
    }
    return functions;
  }

  #step({ axis, test, predicates: expressions }: Step): StepFunction {
    const matches = compileNodeTest(test, axis, this.#isHtml);
    const predicates = this.#predicates(expressions);
    const reverse = isReverse(axis);
    return (nodes, environment) => {
      const found: XPathNode[] = [];
      for (const node of nodes) {
        const candidates = nodesOn(axis, node, environment).filter((other) => matches(other, environment));
        const kept = applyPredicates(candidates, predicates, environment);
        if (reverse) for (let at = kept.length - 1; at >= 0; at -= 1) push(found, kept[at]);
        else for (const other of kept) found.push(other);
      }
      return nodes.length === 1 ? found : inDocumentOrder(found);
    };
  }

  /** `//name`: the elements come from the index, and are counted among their siblings where that matters. */
  #childrenOfDescendants({ test, predicates: expressions }: Step): StepFunction {
    const matches = compileNodeTest(test, 'child', this.#isHtml);
    const predicates = this.#predicates(expressions);
    const indexed = test.test === 'name' && test.prefix === '' ? test.local : undefined;
    const name = this.#isHtml ? indexed?.toLowerCase() : indexed;
    const isCounted = predicates.some(mayCount);
    return (nodes, environment) => {
      const found: XPathNode[] = [];
      let done = -2;
      for (const node of nodes) {
        if (isAttributeNode(node) || !('children' in node) || node.order <= done) continue;
        done = node.lastOrder;
        const { index, budget } = environment;
        const list =
          name === undefined
            ? index.nodes.slice(node.order + 1, node.lastOrder + 1)
            : inside(name === '*' ? index.elements : index.named(name), node);
        budget.spend(list.length);
        const candidates = list.filter((other) => matches(other, environment));
        const kept = isCounted
          ? inDocumentOrder(
              perParent(candidates).flatMap((group) => applyPredicates(group, predicates, environment)),
            )
          : applyPredicates(candidates, predicates, environment);
        for (const other of kept) found.push(other);
      }
      return found;
    };
  }
}

function push(nodes: XPathNode[], node: XPathNode | undefined): void {
  if (node !== undefined) nodes.push(node);
}

const ARITHMETIC: Readonly<Record<'+' | '-' | '*' | 'div' | 'mod', (left: number, right: number) => number>> =
  {
    '+': (left, right) => left + right,
    '-': (left, right) => left - right,
    '*': (left, right) => left * right,
    div: (left, right) => left / right,
    mod: (left, right) => left % right,
  };

/** Could a predicate keep a node because of its place? */
function mayCount({ gives, isPositional }: Compiled): boolean {
  return isPositional || gives === 'number' || gives === 'unknown';
}

function isAllDescendants({ axis, test, predicates }: Step): boolean {
  return axis === 'descendant-or-self' && test.test === 'node' && predicates.length === 0;
}

/** Groups nodes in document order by their parents. */
function perParent(nodes: readonly XPathNode[]): XPathNode[][] {
  const groups = new Map<unknown, XPathNode[]>();
  for (const node of nodes) {
    const group = groups.get(node.parent);
    if (group === undefined) groups.set(node.parent, [node]);
    else group.push(node);
  }
  return [...groups.values()];
}

function applyPredicates(
  nodes: readonly XPathNode[],
  predicates: readonly Compiled[],
  environment: Environment,
): readonly XPathNode[] {
  let kept = nodes;
  for (const predicate of predicates) {
    const size = kept.length;
    environment.budget.spend(size);
    kept = kept.filter((node, at) => {
      const value = predicate.evaluate({ node, position: at + 1, size, environment });
      return typeof value === 'number' ? value === at + 1 : toBoolean(value);
    });
  }
  return kept;
}

function plainAttribute([step, ...others]: readonly Step[], isHtml: boolean): string | undefined {
  if (step === undefined || others.length > 0 || step.axis !== 'attribute' || step.predicates.length > 0) {
    return undefined;
  }
  const { test } = step;
  if (test.test !== 'name' || test.prefix !== '' || test.local === '*') return undefined;
  return isHtml ? test.local.toLowerCase() : test.local;
}

/** `@class = "x"` is asked of every element: it needs no nodes. */
function attributeComparison(
  operator: BinaryOperator,
  { attribute }: Compiled,
  other: Expression,
): Compiled | undefined {
  if (attribute === undefined || other.kind !== 'literal' || typeof other.value !== 'string')
    return undefined;
  if (operator !== '=' && operator !== '!=') return undefined;
  const wanted = other.value;
  return {
    evaluate: ({ node }) => {
      const value = !isAttributeNode(node) && isElement(node) ? node.attribs[attribute] : undefined;
      return value !== undefined && (value === wanted) === (operator === '=');
    },
    gives: 'boolean',
    isPositional: false,
  };
}
