import type { PartialSettings } from '../settings/settings.ts';

type Names = readonly (keyof PartialSettings)[];

/** Settings that write outputs or go on with what earlier crawls kept: of runs, not of a look at a page. */
export const KEPT_BY_RUNS: Names = [
  'feeds',
  'jobDir',
  'seeds',
  'warcFile',
  'incrementalDir',
  'errorPagesDir',
  'controlFile',
  'failOn',
];

/** Settings that end a run which has done enough, or too little. */
export const ENDS_OF_RUNS: Names = [
  'maxPages',
  'maxItems',
  'maxErrors',
  'maxDurationMs',
  'maxDurationWithoutItemMs',
  'maxPagesWithoutItem',
];
