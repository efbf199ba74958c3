const BRAND = Symbol.for('orbweaver.CrawlError');

/** The base of every error the framework throws. `code` is stable across releases; the message is not. */
export abstract class CrawlError extends Error {
  /** Stable name of the fault, `ERR_CRAWL_…`. */
  abstract readonly code: string;

  /** The class name, so that logs and stats name the kind. */
  override get name(): string {
    return this.constructor.name;
  }

  /** Marks errors of any copy of the framework. */
  static {
    Object.defineProperty(CrawlError.prototype, BRAND, { value: true });
  }
}

/** Whether a thrown value is one of the framework's errors, whichever copy of the package made it. */
export function isCrawlError(value: unknown): value is CrawlError {
  return typeof value === 'object' && value !== null && BRAND in value;
}

/** The name of any thrown value for stats and messages: the class name of an error, else its type. */
export function errorName(value: unknown): string {
  return value instanceof Error ? value.name : typeof value;
}

/** The message of any thrown value on one line. */
export function errorMessage(value: unknown): string {
  const text = value instanceof Error ? value.message : String(value);
  return text.replaceAll(/\s+/g, ' ').trim();
}
