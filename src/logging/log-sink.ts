/** Where log lines go. */
export interface LogSink {
  /** Whether people read it as it is written, on a terminal. */
  readonly isScreen: boolean;
  /** Takes whole lines. Does not throw, does not wait: what cannot be written is lost. */
  write(lines: string): void;
  /** Lets go of what it holds. */
  close?(): void;
}
