import {
  DEFAULT_DOWNLOADER_MIDDLEWARES,
  DEFAULT_SCHEDULER_MIDDLEWARES,
  DEFAULT_SPIDER_MIDDLEWARES,
} from '../../middlewares/defaults.ts';
import type { ComponentList, ListedFactory } from '../settings/component-list.ts';
import { applyComponentList, componentNameOf } from '../settings/component-lists.ts';
import type { Settings } from '../settings/settings.ts';

/** The settings that hold component lists. */
export type ComponentSetting =
  | 'downloaderMiddlewares'
  | 'spiderMiddlewares'
  | 'schedulerMiddlewares'
  | 'pipelines'
  | 'extensions';

/** What each list begins with. */
const DEFAULTS: Readonly<Record<ComponentSetting, readonly ListedFactory[]>> = {
  downloaderMiddlewares: DEFAULT_DOWNLOADER_MIDDLEWARES,
  spiderMiddlewares: DEFAULT_SPIDER_MIDDLEWARES,
  schedulerMiddlewares: DEFAULT_SCHEDULER_MIDDLEWARES,
  pipelines: [],
  extensions: [],
};

/** Names of the components that settings list, in their order, the spider's own pipelines behind the others. */
export function componentNames(
  settings: Settings,
  spiderPipelines: ComponentList = [],
): Readonly<Record<ComponentSetting, readonly string[]>> {
  const names = (setting: ComponentSetting): string[] => {
    const listed = applyComponentList(settings[setting], DEFAULTS[setting]);
    const all = setting === 'pipelines' ? applyComponentList(spiderPipelines, listed) : listed;
    return all.map(componentNameOf);
  };
  return {
    downloaderMiddlewares: names('downloaderMiddlewares'),
    spiderMiddlewares: names('spiderMiddlewares'),
    schedulerMiddlewares: names('schedulerMiddlewares'),
    pipelines: names('pipelines'),
    extensions: names('extensions'),
  };
}
