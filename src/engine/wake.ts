/** Something the loop sleeps on. A call that comes while nobody sleeps is kept for the next sleeper. */
export class Wake {
  #isDue = false;
  #resolve: (() => void) | undefined;

  /** Wakes the sleeper, now or when it comes. */
  call(): void {
    this.#isDue = true;
    this.#resolve?.();
    this.#resolve = undefined;
  }

  /** Sleeps until the next call. */
  async sleep(): Promise<void> {
    if (!this.#isDue) await new Promise<void>((resolve) => (this.#resolve = resolve));
    this.#isDue = false;
  }
}
