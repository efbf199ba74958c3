import type { CommittedItem, ItemOrigin, ItemPipeline } from '../contracts/item-pipeline.ts';
import { type Drop, isDrop } from '../values/drop.ts';
import type { ItemRecord } from '../values/item.ts';
import { isPromise } from './is-promise.ts';

/** The item pipelines, compiled once. */
export class PipelineChain {
  readonly #steps: readonly NonNullable<ItemPipeline['processItem']>[];
  readonly #commits: readonly NonNullable<ItemPipeline['commit']>[];

  constructor(pipelines: readonly ItemPipeline[]) {
    this.#steps = pipelines.flatMap((one) => one.processItem?.bind(one) ?? []);
    this.#commits = pipelines.flatMap((one) => one.commit?.bind(one) ?? []);
  }

  /** Whether items pass through anything at all. */
  get isEmpty(): boolean {
    return this.#steps.length === 0;
  }

  /** The item after all steps, or why it was dropped. Throws what a step throws. */
  async process(given: ItemRecord, origin: ItemOrigin): Promise<ItemRecord | Drop> {
    let item = given;
    for (const step of this.#steps) {
      const answered = step(item, origin);
      const answer = isPromise(answered) ? await answered : answered;
      if (isDrop(answer)) return answer;
      if (answer !== undefined) item = answer;
    }
    return item;
  }

  /** Hands the items of a commit to every pipeline that keeps them. */
  async commit(batch: readonly CommittedItem[]): Promise<void> {
    for (const commit of this.#commits) await commit(batch);
  }

  /** Whether anything wants to see commits. */
  get hasCommits(): boolean {
    return this.#commits.length > 0;
  }
}
