import type { Document } from '../node.ts';
import type { TreeIndex } from '../tree-index.ts';
import type { WorkBudget } from '../work-budget.ts';
import type { Value } from './values.ts';
import type { XPathNode } from './xpath-node.ts';

/** What is the same for all of a query's evaluation. */
export interface Environment {
  readonly query: string;
  readonly document: Document;
  readonly index: TreeIndex;
  readonly budget: WorkBudget;
  readonly variables: ReadonlyMap<string, Value>;
  /** The namespace a prefix stands for. */
  namespaceOf(prefix: string): string | undefined;
}

/** What an expression is evaluated for. */
export interface Context {
  readonly node: XPathNode;
  /** The node's place among those of its step, from 1. */
  readonly position: number;
  /** How many those are. */
  readonly size: number;
  readonly environment: Environment;
}
