/**
 * Exactly so many items. A place is reserved before an item enters the pipelines and given back when it is
 * dropped there; who finds none waits until it is known whether one comes back.
 */
export class ItemBudget {
  readonly #most: number;
  #scraped = 0;
  #reserved = 0;
  readonly #waiting: (() => void)[] = [];

  /**
   * @param most - number of items; 0: no limit.
   * @param scraped - items that earlier runs of the job scraped.
   */
  constructor(most: number, scraped: number = 0) {
    this.#scraped = scraped;
    this.#most = most === 0 ? Number.POSITIVE_INFINITY : most;
  }

  /** Items that came through so far. */
  get scraped(): number {
    return this.#scraped;
  }

  /** Whether every item has been scraped. */
  get isSpent(): boolean {
    return this.#scraped >= this.#most;
  }

  /** Reserves a place; false: the budget is spent. A promise while that is open. */
  reserve(): boolean | Promise<boolean> {
    if (this.#scraped + this.#reserved < this.#most) {
      this.#reserved += 1;
      return true;
    }
    return this.isSpent ? false : this.#reserveLater();
  }

  /** Says what became of a reserved place. */
  settle(isScraped: boolean): void {
    this.#reserved -= 1;
    if (isScraped) this.#scraped += 1;
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** Takes items back that were scraped but are thrown away with their page. */
  withdraw(count: number): void {
    this.#scraped -= count;
    for (const wake of this.#waiting.splice(0)) wake();
  }

  async #reserveLater(): Promise<boolean> {
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.reserve();
  }
}
