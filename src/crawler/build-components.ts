import {
  DEFAULT_DOWNLOADER_MIDDLEWARES,
  DEFAULT_SCHEDULER_MIDDLEWARES,
  DEFAULT_SPIDER_MIDDLEWARES,
} from '../../middlewares/defaults.ts';
import type { ComponentContext } from '../contracts/component.ts';
import type { DownloaderMiddleware } from '../contracts/downloader-middleware.ts';
import type { Extension } from '../contracts/extension.ts';
import type { ItemPipeline } from '../contracts/item-pipeline.ts';
import type { SchedulerMiddleware } from '../contracts/scheduler-middleware.ts';
import type { SpiderMiddleware } from '../contracts/spider-middleware.ts';
import { ComponentError } from '../errors/component-error.ts';
import { errorMessage, isCrawlError } from '../errors/crawl-error.ts';
import type { ComponentList, ListedFactory } from '../settings/component-list.ts';
import { applyComponentList, componentNameOf } from '../settings/component-lists.ts';
import type { Settings } from '../settings/settings.ts';
import { checkComponent } from './check-component.ts';
import type { ComponentSetting } from './component-names.ts';

/** Every component of one crawl. */
export interface Components {
  readonly downloaderMiddlewares: readonly DownloaderMiddleware[];
  readonly spiderMiddlewares: readonly SpiderMiddleware[];
  readonly schedulerMiddlewares: readonly SchedulerMiddleware[];
  readonly pipelines: readonly ItemPipeline[];
  readonly extensions: readonly Extension[];
}

/** Makes the context of a component by the name it is listed under. */
export type ContextFor = (name: string) => ComponentContext;

/** Makes every component that the settings list, in their order; those that answer nothing stay out. */
export async function buildComponents(
  settings: Settings,
  spider: { readonly pipelines?: ComponentList },
  contextFor: ContextFor,
): Promise<Components> {
  const build = <Made>(
    setting: ComponentSetting,
    list: ComponentList,
    defaults: readonly ListedFactory[],
  ): Promise<Made[]> => make<Made>(setting, applyComponentList(list, defaults), contextFor);
  const pipelines = applyComponentList(settings.pipelines, []);
  return {
    downloaderMiddlewares: await build(
      'downloaderMiddlewares',
      settings.downloaderMiddlewares,
      DEFAULT_DOWNLOADER_MIDDLEWARES,
    ),
    spiderMiddlewares: await build(
      'spiderMiddlewares',
      settings.spiderMiddlewares,
      DEFAULT_SPIDER_MIDDLEWARES,
    ),
    schedulerMiddlewares: await build(
      'schedulerMiddlewares',
      settings.schedulerMiddlewares,
      DEFAULT_SCHEDULER_MIDDLEWARES,
    ),
    pipelines: await build('pipelines', spider.pipelines ?? [], pipelines),
    extensions: await build('extensions', settings.extensions, []),
  };
}

async function make<Made>(
  setting: ComponentSetting,
  factories: readonly ListedFactory[],
  contextFor: ContextFor,
): Promise<Made[]> {
  const made: Made[] = [];
  for (const factory of factories) {
    const name = componentNameOf(factory);
    const context = contextFor(name);
    try {
      const component = await (factory as (given: ComponentContext) => unknown)(context);
      if (component !== undefined) made.push(checkComponent(setting, name, component) as Made);
      else context.logger.debug(`${name} stays out: it is not configured`);
    } catch (error) {
      if (isCrawlError(error)) throw error;
      throw new ComponentError(name, `cannot be made: ${errorMessage(error)}`, { cause: error });
    }
  }
  return made;
}
