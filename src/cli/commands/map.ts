import { feedArguments } from '../feed-arguments.ts';
import { runCrawl } from '../run-crawl.ts';
import { type CrawlLayers, type SharedOptions, settingsLayers } from '../settings-layers.ts';
import { mapSpider } from '../site/map-spider.ts';
import { NOT_OF_THE_PROJECT } from '../site/not-of-the-project.ts';
import { type SiteOptions, sitePlan } from '../site/site-options.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { Workspace } from '../workspace.ts';

/** Options of `crawl map`. */
export interface MapOptions extends SharedOptions, SiteOptions {
  readonly output?: readonly string[];
  readonly overwrite?: readonly string[];
  readonly json?: true;
  readonly sitemaps: boolean;
}

/** Prints every address of a site as it is found, one a line, or writes them to files. */
export async function map(terminal: Terminal, url: string, options: MapOptions): Promise<number> {
  const plan = sitePlan(url, options);
  const { output = [], overwrite = [], json } = options;
  const given = feedArguments({ append: output, overwrite });
  const printed = { '-': { format: json ? 'jsonl' : 'lines' } };
  const settings = await settingsLayers(terminal, Workspace.for(terminal.cwd, undefined), options, {
    feeds: Object.keys(given).length > 0 ? given : printed,
    logLevel: 'warn',
    ...(plan.limit !== undefined && { own: { maxItems: plan.limit } }),
  });
  refuseJob(settings);
  return runCrawl(terminal, mapSpider(plan, options.sitemaps), {
    name: 'map',
    reference: 'map',
    args: plan.args,
    settings: { ...settings, ignored: NOT_OF_THE_PROJECT },
    isQuiet: options.quiet === true,
    argv: [],
  });
}

/** What was given already is known to the process only: a job that goes on would give it again. */
function refuseJob({ layers }: CrawlLayers): void {
  if (layers.some(({ settings }) => settings.jobDir !== undefined))
    throw new UsageError(
      'crawl map cannot be kept in a job (jobDir)',
      'Leave jobDir out, or keep a crawl of its pages: crawl site URL --job DIR',
    );
}
