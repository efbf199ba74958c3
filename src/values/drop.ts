const DROP: unique symbol = Symbol.for('orbweaver.Drop') as never;

/** The answer of a component that does not let a request, response or item go on. Counted by its reason. */
export interface Drop {
  readonly [DROP]: true;
  /** Why, in stable words that make a stats key: `offsite`, `robots`, `missing price`. */
  readonly reason: string;
  /** See {@link DropOptions.isTemporary}. */
  readonly isTemporary?: boolean;
}

/** What else is said of a drop. */
export interface DropOptions {
  /**
   * What speaks against a request now may be over later: it is kept among the failed ones, where a job can try it
   * again. @defaultValue `false`
   */
  readonly isTemporary?: boolean;
}

/** Says that something is not to go on. An expected outcome, so a value and not an exception; Scrapy's DropItem and IgnoreRequest. */
export function drop(reason: string, { isTemporary = false }: DropOptions = {}): Drop {
  return isTemporary ? { [DROP]: true, reason, isTemporary } : { [DROP]: true, reason };
}

/** Whether a value was made by `drop()`. */
export function isDrop(value: unknown): value is Drop {
  return typeof value === 'object' && value !== null && DROP in value;
}
