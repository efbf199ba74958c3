import { dirname } from 'node:path';
import { statIfThere } from './stat-if-there.ts';

/** The lowest part of an absolute path that is there: the path itself, or what it would be made below. */
export function nearestThere(path: string): string {
  let there = path;
  while (statIfThere(there) === undefined && dirname(there) !== there) there = dirname(there);
  return there;
}
