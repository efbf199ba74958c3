import type { Clock } from '../contracts/clock.ts';
import type { Exporter } from '../contracts/exporter.ts';
import type { Feed, FeedCursor, FeedDurability, FeedResult } from '../contracts/feed.ts';
import { OutputError } from '../errors/output-error.ts';
import type { ItemRecord } from '../values/item.ts';
import { bytesOf } from './bytes-of.ts';
import type { FeedTarget } from './feed-target.ts';
import { needsAllItems } from './file-exporter.ts';
import type { ItemChoice } from './item-choice.ts';
import { outputProblem } from './output-problem.ts';

/** Records are written when there are this many bytes of them, … */
const FLUSH_BYTES = 65_536;
/** … or after this many milliseconds. */
const FLUSH_MS = 200;
/** The crawl waits for the writer when more than this is waiting. */
const MAX_WAITING_BYTES = 1024 * 1024;

/**
 * A feed: encodes items when they come, writes them in batches. The first fault is final: every later write
 * and the close fail with it, and the destination is left with whole records.
 */
export class FeedWriter implements Feed {
  readonly uri: string;
  readonly format: string;
  readonly durability: FeedDurability;
  readonly #exporter: Exporter;
  readonly #target: FeedTarget;
  readonly #clock: Clock;
  readonly #choice: ItemChoice | undefined;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #waitingItems = 0;
  #waitingChosen = 0;
  /** Items that were taken, and those of them that the filter let through. */
  #items = 0;
  #chosen = 0;
  #cursor: FeedCursor | undefined;
  #writing: Promise<void> | undefined;
  #cancelTimer: (() => void) | undefined;
  #failure: Error | undefined;

  /** @param choice - says which items are written; what it throws is final, too. */
  constructor(exporter: Exporter, target: FeedTarget, clock: Clock, choice?: ItemChoice) {
    this.uri = target.location;
    this.format = exporter.format;
    this.durability = durabilityOf(exporter, target);
    this.#exporter = exporter;
    this.#target = target;
    this.#clock = clock;
    this.#choice = choice;
  }

  get written(): number {
    return this.#items;
  }

  async prepare(basePath: string): Promise<boolean> {
    try {
      return (await this.#target.prepare?.(this.#exporter, basePath)) ?? false;
    } catch (error) {
      throw outputProblem(this.uri, error);
    }
  }

  async open(cursor?: FeedCursor): Promise<void> {
    try {
      await this.#target.open(this.#exporter, cursor);
      this.#items = cursor?.items ?? 0;
      this.#chosen = cursor?.chosen ?? this.#items;
      this.#moveCursor(this.#exporterState());
    } catch (error) {
      throw outputProblem(this.uri, error);
    }
  }

  write(items: readonly ItemRecord[]): Promise<void> | undefined {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    try {
      const chosen = this.#choice === undefined ? items : items.filter(this.#choice);
      if (chosen.length > 0) {
        const records = bytesOf(this.#exporter.encode(chosen));
        this.#waiting.push(records);
        this.#waitingBytes += records.length;
        this.#waitingChosen += chosen.length;
      }
      this.#waitingItems += items.length;
    } catch (error) {
      this.#failure = outputProblem(this.uri, error);
      return Promise.reject(this.#failure);
    }
    if (this.#waitingBytes >= FLUSH_BYTES) this.#flush();
    else this.#cancelTimer ??= this.#clock.setTimeout(() => this.#flush(), FLUSH_MS);
    return this.#waitingBytes > MAX_WAITING_BYTES ? this.#written() : undefined;
  }

  cursor(): FeedCursor {
    if (this.#cursor === undefined) throw new OutputError(this.uri, 'the feed is not open, or has no cursor');
    return this.#cursor;
  }

  async sync(): Promise<void> {
    try {
      await this.#target.sync?.();
    } catch (error) {
      this.#failure ??= outputProblem(this.uri, error);
      throw this.#failure;
    }
  }

  async discard(): Promise<void> {
    this.#failure ??= new OutputError(this.uri, 'it was given up');
    await this.close().catch(() => {});
  }

  async close(): Promise<FeedResult> {
    this.#flush();
    await this.#writing;
    let bytes = 0;
    try {
      bytes = await this.#target.close(this.#exporter, this.#failure);
    } catch (error) {
      this.#failure ??= outputProblem(this.uri, error);
    }
    if (this.#failure !== undefined) throw this.#failure;
    return { uri: this.uri, format: this.format, items: this.#chosen, bytes };
  }

  #flush(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (this.#waitingItems > 0) this.#writing ??= this.#writeWaiting();
  }

  async #written(): Promise<void> {
    await this.#writing;
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #writeWaiting(): Promise<void> {
    while (this.#waitingItems > 0 && this.#failure === undefined) {
      const records = Buffer.concat(this.#waiting);
      const items = this.#waitingItems;
      const chosen = this.#waitingChosen;
      const end = bytesOf(this.#exporter.end());
      const state = this.#exporterState();
      this.#waiting = [];
      this.#waitingBytes = 0;
      this.#waitingItems = 0;
      this.#waitingChosen = 0;
      try {
        // Waits in any case: `#flush` notes what it began before this has come to its end.
        await (chosen > 0 ? this.#target.append(records, end) : undefined);
        this.#items += items;
        this.#chosen += chosen;
        this.#moveCursor(state);
      } catch (error) {
        this.#failure = outputProblem(this.uri, error);
      }
    }
    this.#writing = undefined;
  }

  /** As it is now; items that come while these are written change it. */
  #exporterState(): unknown {
    return this.durability === 'cursor' ? this.#exporter.state?.() : undefined;
  }

  /** In one step: a cursor that is asked for is always that of a moment. */
  #moveCursor(exporter: unknown): void {
    const mark = this.durability === 'cursor' ? this.#target.mark?.() : undefined;
    if (mark === undefined) return;
    const chosen = this.#choice === undefined ? {} : { chosen: this.#chosen };
    this.#cursor = { items: this.#items, ...chosen, ...mark, exporter };
  }
}

function durabilityOf(exporter: Exporter, { durability }: FeedTarget): FeedDurability {
  if (needsAllItems(exporter)) return 'whole';
  const hasState = exporter.state !== undefined && exporter.restore !== undefined;
  return durability === 'cursor' && !hasState ? 'whole' : durability;
}
