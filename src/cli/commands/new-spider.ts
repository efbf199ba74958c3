import { existsSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { makeFolder } from '../../values/make-folder.ts';
import { nearest } from '../../values/nearest.ts';
import { commandPrefix } from '../command-prefix.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { pageUrl } from '../page-url.ts';
import { checkSpiderName, spiderClassName } from '../spider-name.ts';
import { spiderTemplate, spiderTemplates } from '../template.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { Workspace } from '../workspace.ts';

/** Options of `crawl new spider`. */
export interface NewSpiderOptions {
  readonly template: string;
}

/** Writes a spider's file from a template, without a project into the working folder. Nothing is overwritten. */
export async function newSpider(
  terminal: Terminal,
  name: string,
  url: string | undefined,
  { template }: NewSpiderOptions,
): Promise<number> {
  checkSpiderName(name);
  checkTemplate(template);
  const start = url === undefined ? new URL('https://example.com/') : pageUrl(url);
  const workspace = new Workspace(terminal.cwd);
  const taken = (await workspace.spiderFiles()).find((file) => file.name === name);
  const folder = await workspace.spidersFolder();
  const path = join(folder, `${name}.ts`);
  if (taken !== undefined || existsSync(path)) {
    throw new UsageError(
      `there is a spider "${name}" already: ${taken?.path ?? path}`,
      'Choose another name.',
    );
  }
  makeFolder(folder);
  const blanks = { className: spiderClassName(name), url: start.href, domain: start.hostname };
  writeFileSync(path, spiderTemplate(template, blanks), { flag: 'wx' });
  terminal.say(`  ${terminal.colors.green('made')} ${relative(terminal.cwd, path)}\n`);
  const reference = workspace.project === undefined ? `./${name}.ts` : name;
  terminal.say(`\nNext:\n  ${commandPrefix(terminal.env)} ${reference} -O ${name}.jsonl\n`);
  return EXIT_CODES.ok;
}

function checkTemplate(template: string): void {
  const templates = spiderTemplates();
  if (templates.includes(template)) return;
  const near = nearest(template, templates)[0];
  throw new UsageError(
    `there is no template "${template}"`,
    `${near === undefined ? '' : `Did you mean ${near}? `}Templates are ${templates.join(', ')}.`,
  );
}
