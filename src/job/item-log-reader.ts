import type { ItemLog } from '../contracts/item-log.ts';
import type { ItemRecord } from '../values/item.ts';
import { WorkLoop } from '../values/work-loop.ts';

const ITEMS_A_READ = 500;
/** The crawl waits when a reader is more items behind than this. */
const MOST_BEHIND = 5000;

/** Is given items that follow each other in the log, and the place of the first; what it gives back is waited for. */
export type TakeItems = (items: readonly ItemRecord[], from: number) => Promise<void> | undefined;

/** Gives items of a job's log to an output, in order, as soon as they are on disk. The first fault is final. */
export class ItemLogReader {
  readonly #items: ItemLog;
  readonly #take: TakeItems;
  readonly #loop: WorkLoop;
  #position = 0;
  #isOpen = false;
  #failure: { readonly error: unknown } | undefined;

  /** @param take - is given what follows; while it waits nothing more is read. */
  constructor(items: ItemLog, take: TakeItems) {
    this.#items = items;
    this.#take = take;
    this.#loop = new WorkLoop(
      () => this.#isOpen && this.#failure === undefined && this.#position < items.durableEnd,
      () => this.#readOn(),
    );
  }

  /** Behind the last item that was given. */
  get position(): number {
    return this.#position;
  }

  /** Begins at a place, gives what is there, and from now on what comes. */
  async open(position: number): Promise<void> {
    this.#position = position;
    this.#isOpen = true;
    this.#items.onDurable(() => {
      // Whoever asks next is told of a fault.
      this.#loop.run().catch(() => {});
    });
    await this.caughtUp();
  }

  /** What the crawl should wait for before it gives more items. @throws what an item could not be written for. */
  room(): Promise<void> | undefined {
    if (this.#failure !== undefined) return Promise.reject(this.#failure.error);
    return this.#items.durableEnd - this.#position > MOST_BEHIND ? this.caughtUp() : undefined;
  }

  /** Settles when all that is on disk was given. @throws what an item could not be written for. */
  async caughtUp(): Promise<void> {
    if (this.#failure === undefined) await this.#loop.run();
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** Gives nothing more. */
  close(): void {
    this.#isOpen = false;
  }

  async #readOn(): Promise<void> {
    try {
      const some = await this.#items.read(this.#position, ITEMS_A_READ);
      if (some.length === 0) throw new Error(`the item log ends at ${this.#position}, before its end`);
      const taking = this.#take(some, this.#position);
      this.#position += some.length;
      if (taking !== undefined) await taking;
    } catch (error) {
      this.#failure ??= { error };
    }
  }
}
