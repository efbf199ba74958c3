import type { SpiderOutput } from '../../../src/contracts/spider.ts';
import { eachOutput } from '../../../src/spider-kinds/each-output.ts';

/** All that a callback gives. */
export async function gather<Item extends object>(given: SpiderOutput<Item>): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const output of eachOutput(given)) found.push(output);
  return found;
}
