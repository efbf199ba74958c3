import { type Element, isElement, type ParentNode } from '../node.ts';
import type { TreeIndex } from '../tree-index.ts';
import type { WorkBudget } from '../work-budget.ts';

/** What an element is counted among, and from where. */
export interface Counting {
  /** Only among elements of its own name? */
  readonly ofType: boolean;
  readonly fromEnd: boolean;
}

/** The places of elements among their siblings, counted once for all children of a parent. */
export class ChildPositions {
  readonly #index: TreeIndex;
  readonly #budget: WorkBudget;
  readonly #counted = new Map<ParentNode, Map<string, Map<Element, number>>>();

  constructor(index: TreeIndex, budget: WorkBudget) {
    this.#index = index;
    this.#budget = budget;
  }

  /** The place of an element, the first being 1. */
  of(element: Element, counting: Counting): number {
    const { parent } = element;
    if (parent === null) return 1;
    const key = `${counting.ofType ? 'type' : 'any'}-${counting.fromEnd ? 'end' : 'start'}`;
    let counts = this.#counted.get(parent);
    if (counts === undefined) {
      counts = new Map();
      this.#counted.set(parent, counts);
    }
    let places = counts.get(key);
    if (places === undefined) {
      places = this.#count(parent, counting);
      counts.set(key, places);
    }
    return places.get(element) ?? 1;
  }

  #count(parent: ParentNode, { ofType, fromEnd }: Counting): Map<Element, number> {
    const { children } = parent;
    this.#budget.spend(children.length);
    const places = new Map<Element, number>();
    const counts = new Map<string, number>();
    for (let at = 0; at < children.length; at += 1) {
      const child = children[fromEnd ? children.length - 1 - at : at];
      if (!isElement(child)) continue;
      const group = ofType ? this.#index.nameOf(child) : '';
      const place = (counts.get(group) ?? 0) + 1;
      counts.set(group, place);
      places.set(child, place);
    }
    return places;
  }
}
