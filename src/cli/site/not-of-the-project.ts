import type { PartialSettings } from '../../api.ts';

/**
 * What a project says about the outputs, inputs and bounds of its own spiders. A command with a spider of ours takes
 * these from its own words only.
 */
export const NOT_OF_THE_PROJECT: readonly (keyof PartialSettings)[] = [
  'pipelines',
  'feeds',
  'warcFile',
  'seeds',
  'jobDir',
  'incrementalDir',
  'failOn',
  'maxItems',
];
