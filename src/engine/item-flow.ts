import pLimit, { type LimitFunction } from 'p-limit';
import { isPromise } from '../chain/is-promise.ts';
import type { PipelineChain } from '../chain/pipeline-chain.ts';
import type { ItemOrigin } from '../contracts/item-pipeline.ts';
import type { Signals } from '../contracts/signal.ts';
import type { Stats } from '../contracts/stats.ts';
import { errorName } from '../errors/crawl-error.ts';
import { type Drop, isDrop } from '../values/drop.ts';
import type { ItemRecord } from '../values/item.ts';
import type { ItemBudget } from './item-budget.ts';
import type { PageLog } from './page-log.ts';
import type { PageOutputs } from './page-outputs.ts';
import type { UnitRun } from './unit-run.ts';

/** What the item flow works with. */
export interface ItemFlowParts {
  readonly pipelines: PipelineChain;
  readonly budget: ItemBudget;
  readonly stats: Stats;
  /** What becomes of the items of a page counts with its commit: else one that comes again after a crash counts twice. */
  readonly countsAtCommit: boolean;
  readonly signals: Signals;
  readonly log: PageLog;
  /** Most items in pipelines at once. */
  readonly concurrency: number;
  /** Told about what a pipeline threw; may stop the crawl. */
  readonly onError: (error: unknown) => void;
}

/** Sends items through the pipelines, a bounded number at once, and keeps what comes out with their page. */
export class ItemFlow {
  readonly #parts: ItemFlowParts;
  readonly #limit: LimitFunction;

  constructor(parts: ItemFlowParts) {
    this.#parts = parts;
    this.#limit = pLimit(parts.concurrency);
  }

  /** Items that are in pipelines or wait for them. */
  get active(): number {
    return this.#limit.activeCount + this.#limit.pendingCount;
  }

  /** Takes an item of a page; a promise while it cannot take more. */
  accept(item: ItemRecord, unit: UnitRun, outputs: PageOutputs): void | Promise<void> {
    if (outputs.passKnown()) return;
    const hasPlace = this.#parts.budget.reserve();
    if (isPromise(hasPlace))
      return hasPlace.then((late) => (late ? this.#start(item, unit, outputs) : undefined));
    if (hasPlace) return this.#start(item, unit, outputs);
  }

  /** Counts an item that its callback dropped; there is nothing of it to be shown. */
  refused(drop: Drop, unit: UnitRun, outputs: PageOutputs): void {
    this.#dropped({}, drop, unit, outputs);
  }

  #start(item: ItemRecord, unit: UnitRun, outputs: PageOutputs): void | Promise<void> {
    const { pipelines, budget, concurrency } = this.#parts;
    const ordinal = outputs.nextOrdinal();
    if (pipelines.isEmpty) {
      outputs.keep(ordinal, item);
      budget.settle(true);
      return;
    }
    const work = this.#limit(() => this.#process(item, unit, outputs, ordinal));
    outputs.track(work);
    if (this.active > concurrency) return work;
  }

  async #process(item: ItemRecord, unit: UnitRun, outputs: PageOutputs, ordinal: number): Promise<void> {
    const { pipelines, budget } = this.#parts;
    try {
      const result = await pipelines.process(item, originOf(unit, outputs.fingerprint, ordinal));
      if (isDrop(result)) this.#dropped(item, result, unit, outputs);
      else outputs.keep(ordinal, result);
      budget.settle(!isDrop(result));
    } catch (error) {
      budget.settle(false);
      this.#failed(item, error, unit, outputs);
    }
  }

  #dropped(item: ItemRecord, drop: Drop, { response, request }: UnitRun, outputs: PageOutputs): void {
    const { signals, log } = this.#parts;
    this.#inc('item/dropped', outputs);
    this.#inc(`item/dropped/${drop.reason}`, outputs);
    log.dropped({ item, drop, request, ...(response && { response }) });
    void signals.emit('itemDropped', { item, drop, ...(response && { response }) });
  }

  #failed(item: ItemRecord, error: unknown, { response, request }: UnitRun, outputs: PageOutputs): void {
    const { signals, log, stats, onError } = this.#parts;
    // At once: it is what `maxErrors` and the status line look at.
    stats.inc('errors');
    this.#inc('item/errors', outputs);
    this.#inc(`item/errors/${errorName(error)}`, outputs);
    log.itemError({ item, error, request, ...(response && { response }) });
    void signals.emit('itemError', { item, error, ...(response && { response }) });
    onError(error);
  }

  #inc(name: string, outputs: PageOutputs): void {
    const { stats, countsAtCommit } = this.#parts;
    if (countsAtCommit && outputs.lease !== undefined) outputs.count(name);
    else stats.inc(name);
  }
}

/** The unit as pipelines see it. */
function originOf(unit: UnitRun, fingerprint: string, ordinal: number): ItemOrigin {
  const { id, attempt, retries, request, response } = unit;
  return {
    id,
    attempt,
    retries,
    request,
    response,
    fingerprint,
    ordinal,
    get signal() {
      return unit.signal;
    },
  };
}
