import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import type { Feed, FeedDurability } from '../contracts/feed.ts';
import { OutputError } from '../errors/output-error.ts';
import { SettingsError } from '../errors/settings-error.ts';
import { outputProblem } from '../feed/output-problem.ts';
import { nearestThere } from '../values/nearest-there.ts';
import { isStdout } from '../values/output-place.ts';
import { realPlace } from '../values/real-place.ts';
import { statIfThere } from '../values/stat-if-there.ts';

type Output = Pick<Feed, 'uri' | 'durability'>;

/**
 * Looks whether local files can be written, all of them before the first is opened: that may empty it.
 *
 * @throws SettingsError where two outputs are one place.
 * @throws OutputError where one certainly cannot be written.
 */
export function checkOutputs(outputs: readonly Output[]): void {
  expectDistinct(outputs);
  for (const { uri, durability } of outputs) {
    if (!isAbsolute(uri)) continue;
    try {
      checkFile(uri, durability);
    } catch (error) {
      throw outputProblem(uri, error);
    }
  }
}

/** However they are spelled, and through links: two that write to one file would mix in it. */
function expectDistinct(outputs: readonly Output[]): void {
  const places = new Map<string, string>();
  for (const { uri } of outputs) {
    const place = placeOf(uri);
    if (place === undefined) continue;
    const other = places.get(place);
    if (other !== undefined) {
      const also = other === uri ? '' : ` (also as ${other})`;
      throw new SettingsError(`${uri} is named twice as an output${also}: name each output once`);
    }
    places.set(place, uri);
  }
}

/** Undefined: only what writes there knows it. */
function placeOf(uri: string): string | undefined {
  if (isStdout(uri)) return 'stdout:';
  return isAbsolute(uri) ? realPlace(uri) : undefined;
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
