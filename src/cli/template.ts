import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../values/package-root.ts';

/** A template's file with its blanks filled. */
export interface TemplateFile {
  /** Path below the folder that the template is for. */
  readonly path: string;
  readonly text: string;
}

/** Words for the blanks of a template: `{{name}}`. */
export type Blanks = Readonly<Record<string, string>>;

/**
 * Files of the project template. Their names begin with `_`, since npm would leave a `.gitignore` out of the
 * package and tools would take a template for code.
 */
export function projectTemplate(blanks: Blanks): TemplateFile[] {
  return files(join(packageRoot(), 'templates', 'project'), '', blanks);
}

/** Names of the spider templates. */
export function spiderTemplates(): string[] {
  return readdirSync(join(packageRoot(), 'templates', 'spiders'))
    .map((name) => name.replace(/^_(.+)\.ts$/, '$1'))
    .sort();
}

/** A spider template's text. */
export function spiderTemplate(name: string, blanks: Blanks): string {
  return filled(readFileSync(join(packageRoot(), 'templates', 'spiders', `_${name}.ts`), 'utf8'), blanks);
}

function files(folder: string, prefix: string, blanks: Blanks): TemplateFile[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const source = join(folder, entry.name);
    if (entry.isDirectory()) return files(source, `${prefix}${entry.name}/`, blanks);
    const name = entry.name === '_gitignore' ? '.gitignore' : entry.name.replace(/^_/, '');
    return [{ path: prefix + name, text: filled(readFileSync(source, 'utf8'), blanks) }];
  });
}

function filled(text: string, blanks: Blanks): string {
  return text.replaceAll(/\{\{(\w+)\}\}/g, (blank, name: string) => blanks[name] ?? blank);
}
