const DROP: unique symbol = Symbol.for('orbweaver.Drop') as never;

/** The answer of a component that does not let a request, response or item go on. Counted by its reason. */
export interface Drop {
  readonly [DROP]: true;
  /** Why, in stable words that make a stats key: `offsite`, `robots`, `missing price`. */
  readonly reason: string;
}

/** Says that something is not to go on. An expected outcome, so a value and not an exception; Scrapy's DropItem and IgnoreRequest. */
export function drop(reason: string): Drop {
  return { [DROP]: true, reason };
}

/** Whether a value was made by `drop()`. */
export function isDrop(value: unknown): value is Drop {
  return typeof value === 'object' && value !== null && DROP in value;
}
