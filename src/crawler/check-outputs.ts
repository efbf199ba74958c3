import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import type { Feed, FeedDurability } from '../contracts/feed.ts';
import { OutputError } from '../errors/output-error.ts';
import { outputProblem } from '../feed/output-problem.ts';
import { nearestThere } from '../values/nearest-there.ts';
import { statIfThere } from '../values/stat-if-there.ts';

type Output = Pick<Feed, 'uri' | 'durability'>;

/**
 * Looks whether local files can be written, all of them before the first is opened: that may empty it.
 *
 * @throws OutputError where one certainly cannot.
 */
export function checkOutputs(outputs: readonly Output[]): void {
  for (const { uri, durability } of outputs) {
    if (!isAbsolute(uri)) continue;
    try {
      checkFile(uri, durability);
    } catch (error) {
      throw outputProblem(uri, error);
    }
  }
}

function checkFile(path: string, durability: FeedDurability | undefined): void {
  const found = statIfThere(path);
  if (found?.isDirectory()) throw new OutputError(path, 'it is a folder');
  if (found !== undefined) {
    // What is made as a whole is written beside its place.
    if (durability !== 'whole') accessSync(path, constants.W_OK);
    return;
  }
  const above = nearestThere(path);
  if (!statSync(above).isDirectory()) throw new OutputError(path, 'part of its path is a file');
  accessSync(above, constants.W_OK);
}
