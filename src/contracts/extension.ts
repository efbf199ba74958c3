import type { Outcome } from './outcome.ts';

/** A component that only listens: it connects to signals when it is made or opened. */
export interface Extension {
  readonly name: string;
  open?(): Outcome<never>;
  close?(reason: string): Outcome<never>;
}
