/** What the first and the second signal do. */
export interface InterruptHandlers {
  /** In order. */
  readonly first: (signal: NodeJS.Signals) => void;
  /** At once. */
  readonly second: () => void;
}

/** npx passes on a signal that the terminal has sent to us already: one key press, two signals. */
const ECHO_MS = 150;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Hears Ctrl-C and its kin for the length of a crawl; gives a function from which on they change nothing any more. */
export function onInterrupt({ first, second }: InterruptHandlers): () => void {
  let firstAtMs: number | undefined;
  const handle = (signal: NodeJS.Signals) => {
    const nowMs = performance.now();
    if (firstAtMs === undefined) {
      firstAtMs = nowMs;
      first(signal);
    } else if (nowMs - firstAtMs > ECHO_MS) second();
  };
  for (const signal of SIGNALS) process.on(signal, handle);
  return () => {
    // Without a gap: a signal that nobody hears ends the process without its exit code.
    ignoreInterrupts();
    for (const signal of SIGNALS) process.off(signal, handle);
  };
}

/** From the end of the last command on a signal changes nothing any more: the process ends with its exit code. */
export function ignoreInterrupts(): void {
  for (const signal of SIGNALS) process.on(signal, ignore);
}

function ignore(): void {}
