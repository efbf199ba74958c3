/**
 * Works off what comes in, one run at a time: whoever asks while a run is under way waits for that run, which does not
 * end before it has found nothing more to do.
 */
export class WorkLoop {
  readonly #hasWork: () => boolean;
  readonly #work: () => Promise<void>;
  #running: Promise<void> | undefined;

  /** @param work - does one piece; what it throws ends the run and goes to all who wait for it. */
  constructor(hasWork: () => boolean, work: () => Promise<void>) {
    this.#hasWork = hasWork;
    this.#work = work;
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** Settles when nothing is left to do. */
  run(): Promise<void> {
    this.#running ??= this.#loop();
    return this.#running;
  }

  async #loop(): Promise<void> {
    // Not before `run` has noted it.
    await undefined;
    try {
      while (this.#hasWork()) await this.#work();
    } finally {
      // In the turn in which nothing was found: what comes after that begins a new run.
      this.#running = undefined;
    }
  }
}
