/** A query that can't be read, or that asks for something that is not there to ask for. */
export class SelectorError extends Error {
  readonly code = 'ERR_CRAWL_SELECTOR';
  override readonly name = 'SelectorError';
  /** The query as it was given. */
  readonly query: string;
  /** Where in the query the trouble is, counted in characters from 0, when known. */
  readonly position: number | undefined;

  constructor(query: string, problem: string, position?: number, options?: ErrorOptions) {
    const at = position === undefined ? '' : ` at character ${position + 1}`;
    super(`${problem}${at} in the query ${JSON.stringify(query)}`, options);
    this.query = query;
    this.position = position;
  }
}
