/** A number of places for downloads at once. Those who wait are served first come, first served. */
export class DownloadGate {
  readonly #places: number;
  readonly #waiting: (() => void)[] = [];
  #taken = 0;

  constructor(places: number) {
    this.#places = places;
  }

  /** Places that nobody has or waits for. */
  get free(): number {
    return Math.max(0, this.#places - this.#taken - this.#waiting.length);
  }

  /** Whether somebody waits for a place. */
  get isWanted(): boolean {
    return this.#waiting.length > 0;
  }

  /** How many downloads are under way. */
  get taken(): number {
    return this.#taken;
  }

  /** Takes a place that `free` said is there. */
  take(): void {
    this.#taken += 1;
  }

  /** Waits for a place and takes it. */
  async enter(): Promise<void> {
    if (this.#taken < this.#places) this.#taken += 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Gives a place to the next who waits, else back. */
  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#taken -= 1;
    else next();
  }
}
