import { feedArguments } from '../feed-arguments.ts';
import { runCrawl } from '../run-crawl.ts';
import { type SharedOptions, settingsLayers } from '../settings-layers.ts';
import { addressLines } from '../site/address-lines.ts';
import { mapSpider } from '../site/map-spider.ts';
import { type SiteOptions, sitePlan } from '../site/site-options.ts';
import type { Terminal } from '../terminal.ts';
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
    own: {
      feedExporters: { lines: addressLines },
      ...(plan.limit !== undefined && { maxItems: plan.limit }),
    },
  });
  return runCrawl(terminal, mapSpider(plan, options.sitemaps), {
    name: 'map',
    reference: 'map',
    args: plan.args,
    settings,
    isQuiet: options.quiet === true,
    argv: [],
  });
}
