import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CommandResult, crawl } from '../support/command-line.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A project with spiders, as long as the test lives. */
export interface SpiderProject {
  readonly folder: string;
  /** Runs the command line in it. */
  run(words: readonly string[], env?: Readonly<Record<string, string>>): Promise<CommandResult>;
}

/** Writes a project; `spiders` are sources by name, which see `Spider` and `Request`. */
export function spiderProject(spiders: Readonly<Record<string, string>>, config = ''): SpiderProject {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'spiders'));
  writeFileSync(join(folder, 'package.json'), '{"name":"shop","type":"module"}');
  writeFileSync(join(folder, 'orbweaver.config.ts'), `export default { ${config} };\n`);
  for (const [name, source] of Object.entries(spiders)) writeSpider(join(folder, 'spiders'), name, source);
  return { folder, run: (words, env) => crawl(words, { cwd: folder, ...(env && { env }) }) };
}

/** Writes a spider's file. */
export function writeSpider(folder: string, name: string, source: string): void {
  writeFileSync(join(folder, `${name}.ts`), `import { Request, Spider } from "orbweaver";\n${source}\n`);
}
