const DROP: unique symbol = Symbol.for('orbweaver.Drop') as never;

/** The answer of a component that does not let a request, response or item go on. Counted by its reason. */
export interface Drop {
  readonly [DROP]: true;
  /** Why, in stable words that make a stats key: `offsite`, `robots`, `missing price`. */
  readonly reason: string;
  /** See {@link DropOptions.isTemporary}. */
  readonly isTemporary?: boolean;
  /** See {@link DropOptions.logLevel}. */
  readonly logLevel?: DropOptions['logLevel'];
  /** See {@link DropOptions.cause}. */
  readonly cause?: unknown;
}

/** What else is said of a drop. */
export interface DropOptions {
  /**
   * What speaks against a request now may be over later: it is kept among the failed ones, where a job can try it
   * again. @defaultValue `false`
   */
  readonly isTemporary?: boolean;
  /** Level of the line about a dropped item. @defaultValue `settings.dropLogLevel` */
  readonly logLevel?: 'debug' | 'info' | 'warn' | 'error';
  /** The fault that brought it about, for those who look for the reason of the reason. */
  readonly cause?: unknown;
}

/**
 * Says that something is not to go on. An expected outcome, so a value and not an exception: pipelines and middlewares
 * return it, callbacks return or yield it in the place of an item. Scrapy's DropItem and IgnoreRequest.
 */
export function drop(reason: string, { isTemporary = false, logLevel, cause }: DropOptions = {}): Drop {
  return {
    [DROP]: true,
    reason,
    ...(isTemporary && { isTemporary }),
    ...(logLevel && { logLevel }),
    ...(cause !== undefined && { cause }),
  };
}

/** Whether a value was made by `drop()`. */
export function isDrop(value: unknown): value is Drop {
  return typeof value === 'object' && value !== null && DROP in value;
}
