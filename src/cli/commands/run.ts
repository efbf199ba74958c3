import { archiveArguments } from '../archive-arguments.ts';
import { assignments } from '../assignments.ts';
import { feedArguments } from '../feed-arguments.ts';
import { runCrawl } from '../run-crawl.ts';
import { type SharedOptions, settingsLayers } from '../settings-layers.ts';
import type { Terminal } from '../terminal.ts';
import { Workspace } from '../workspace.ts';

/** Options of `crawl run`. */
export interface RunOptions extends SharedOptions {
  readonly output?: readonly string[];
  readonly overwrite?: readonly string[];
  readonly argument?: readonly string[];
  readonly jobChange?: true;
  /** The spider stands where a command would. */
  readonly isShortForm: boolean;
  /** Words of the command line, as they were typed. */
  readonly argv: readonly string[];
}

/** Runs a spider to its end. */
export async function run(terminal: Terminal, reference: string, options: RunOptions): Promise<number> {
  const words = { append: options.output ?? [], overwrite: options.overwrite ?? [] };
  const { archive, outputs } = archiveArguments(words);
  const feeds = feedArguments(outputs);
  const args = Object.fromEntries(
    assignments('-a', options.argument ?? [], terminal.env).map(({ name, value }) => [name, value]),
  );
  const workspace = Workspace.for(terminal.cwd, reference);
  const { spider, name } = await workspace.find(reference, options.isShortForm);
  const settings = await settingsLayers(terminal, workspace, options, { feeds, archive });
  return runCrawl(terminal, spider, {
    name,
    reference,
    args,
    settings,
    isQuiet: options.quiet === true,
    jobMayDiffer: options.jobChange === true,
    argv: options.argv,
  });
}
