/** A wrong command line: shown as one sentence and a hint, exit code 2. */
export class UsageError extends Error {
  /** What to do about it. */
  readonly hint: string | undefined;

  constructor(problem: string, hint?: string, options?: ErrorOptions) {
    super(problem, options);
    this.name = 'UsageError';
    this.hint = hint;
  }
}
