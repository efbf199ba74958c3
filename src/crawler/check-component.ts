import { SettingsError } from '../errors/settings-error.ts';
import type { ComponentSetting } from './component-names.ts';

/** Ours for members that components of every kind have in Scrapy. */
const OF_ALL: Readonly<Record<string, string>> = {
  open_spider: 'open()',
  close_spider: 'close(reason)',
};

const OF_SPIDER_MIDDLEWARES: Readonly<Record<string, string>> = {
  process_spider_input: 'processInput(response, unit)',
  process_spider_output: 'processOutput(output, unit)',
  process_spider_output_async: 'processOutput(output, unit)',
  process_spider_exception: 'processException(error, unit)',
  process_start: 'processStart(output)',
  process_start_requests: 'processStart(output)',
};

const OF_DOWNLOADER_MIDDLEWARES: Readonly<Record<string, string>> = {
  process_request: 'processRequest(request, unit)',
  process_response: 'processResponse(response, unit)',
  process_exception: 'processException(error, unit)',
};

const SCRAPY_MEMBERS: Readonly<Record<ComponentSetting, Readonly<Record<string, string>>>> = {
  pipelines: { ...OF_ALL, process_item: 'processItem(item, origin)' },
  downloaderMiddlewares: { ...OF_ALL, ...OF_DOWNLOADER_MIDDLEWARES },
  spiderMiddlewares: { ...OF_ALL, ...OF_SPIDER_MIDDLEWARES },
  schedulerMiddlewares: OF_ALL,
  extensions: OF_ALL,
};

/**
 * What a factory gave, if it can be a component of its list.
 *
 * @throws SettingsError where it is none, or has members that only Scrapy knows: they would do nothing.
 */
export function checkComponent(list: ComponentSetting, name: string, given: unknown): object {
  if (typeof given !== 'object' || given === null) {
    throw new SettingsError(
      `${list}: ${name || 'a function'} gives ${typeof given === 'function' ? 'a function' : String(given)}; it has to give an object with the hooks, or undefined to stay out`,
    );
  }
  for (const [theirs, ours] of Object.entries(SCRAPY_MEMBERS[list])) {
    for (const member of new Set([theirs, camelCase(theirs)])) {
      // What is named alike is ours.
      if (ours.startsWith(`${member}(`)) continue;
      if (member in given)
        throw new SettingsError(`${list}: ${name || classOf(given)}: ${member} is ${ours} here`);
    }
  }
  return given;
}

/** Functions that are written where they are listed have no name. */
function classOf(component: object): string {
  return component.constructor === Object ? 'a component' : component.constructor.name;
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
