import { archiveArguments } from '../archive-arguments.ts';
import { feedArguments } from '../feed-arguments.ts';
import { runCrawl } from '../run-crawl.ts';
import { type SharedOptions, settingsLayers } from '../settings-layers.ts';
import { NOT_OF_THE_PROJECT } from '../site/not-of-the-project.ts';
import { pageSpider } from '../site/page-spider.ts';
import { selections } from '../site/selections.ts';
import { type SiteOptions, sitePlan } from '../site/site-options.ts';
import type { Terminal } from '../terminal.ts';
import { Workspace } from '../workspace.ts';

/** Options of `crawl site`. */
export interface SiteCommandOptions extends SharedOptions, SiteOptions {
  readonly output?: readonly string[];
  readonly overwrite?: readonly string[];
  readonly select?: readonly string[];
  readonly sitemaps?: true;
  readonly jobChange?: true;
  /** Words of the command line, as they were typed. */
  readonly argv: readonly string[];
}

/** Crawls a whole site: an item for each page, printed as JSON lines where no output is named. */
export async function site(terminal: Terminal, url: string, options: SiteCommandOptions): Promise<number> {
  const plan = sitePlan(url, options);
  const { output = [], overwrite = [], select = [], sitemaps = false } = options;
  const fields = selections(select);
  const { archive, outputs } = archiveArguments({ append: output, overwrite });
  const given = feedArguments(outputs);
  const settings = await settingsLayers(terminal, Workspace.for(terminal.cwd, undefined), options, {
    feeds: output.length + overwrite.length > 0 ? given : { '-': { format: 'jsonl' } },
    archive,
    ...(plan.limit !== undefined && { own: { maxItems: plan.limit } }),
  });
  return runCrawl(terminal, pageSpider(plan, { fields, readSitemaps: sitemaps }), {
    name: 'site',
    reference: 'site',
    args: {
      ...plan.args,
      ...(select.length > 0 && { select: select.join(' ') }),
      ...(sitemaps && { sitemaps: 'true' }),
    },
    settings: { ...settings, ignored: NOT_OF_THE_PROJECT },
    isQuiet: options.quiet === true,
    jobMayDiffer: options.jobChange === true,
    argv: options.argv,
  });
}
