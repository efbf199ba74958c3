/** One hop of a redirect chain. */
export interface Redirect {
  /** The address that redirected. */
  readonly url: string;
  /** The status, or `meta refresh`. */
  readonly reason: number | 'meta refresh';
}
