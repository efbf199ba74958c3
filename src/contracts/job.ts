/** What the engine must know of the job that it goes on with. */
export interface JobProgress {
  /** `start()` has given all it had, now or in an earlier run: it is not run again. */
  readonly isStartDone: boolean;
  /** How often the job was told to run `start()` again: requests of each time are new to the duplicate filter. */
  readonly startGeneration: number;
  /** Items of `start()` that the job has: their ordinals are below this. */
  readonly startOrdinals: number;
  /** Items that the job has. */
  readonly itemCount: number;
  /** Notes that `start()` has given all it had, together with its last outputs. */
  noteStartDone(): void;
}
