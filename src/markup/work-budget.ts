import { SelectorError } from './selector-error.ts';

const MAX_STEPS = 3_000_000;
/** Characters that are read in the time of one step. */
const CHARACTERS_OF_A_STEP = 32;

/**
 * The work one query may do: a page may be made so that a harmless query visits the same nodes over and over.
 * A step is the visit of a node: some 100 to 300 nanoseconds on a large page, so that the event loop stands still for
 * about a second at most.
 */
export class WorkBudget {
  readonly #query: string;
  #left = MAX_STEPS;

  constructor(query: string) {
    this.#query = query;
  }

  /** Takes what it costs to read a text. Throws {@link SelectorError} when the budget is used up. */
  read(text: string): string {
    this.spend(text.length / CHARACTERS_OF_A_STEP);
    return text;
  }

  /** Takes steps from the budget. Throws {@link SelectorError} when it is used up. */
  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) {
      throw new SelectorError(this.#query, `More than ${MAX_STEPS} steps on this page: narrow it down,`);
    }
  }
}
