import { readFileSync } from 'node:fs';
import { SpiderLoadError } from '../errors/spider-load-error.ts';
import { isSpiderBase, isSpiderClass, type SpiderClass } from '../spider/spider.ts';
import type { ImportModule } from './module-importer.ts';

/** A spider that a file exports. */
export interface LoadedSpider {
  /** What it is called by: `books`; `shops#Books` where a file has several. */
  readonly name: string;
  readonly file: string;
  readonly spider: SpiderClass;
}

/** A spider's file and how to call it. */
export interface SpiderSource {
  /** Name of the file: `books`. */
  readonly name: string;
  readonly path: string;
}

/**
 * The spiders that a file exports. A single one bears the file's name, or its static `spiderName`; of several,
 * the default export does and each other is `file#Export`.
 *
 * @throws SpiderLoadError when the file cannot be loaded or exports none.
 */
export async function loadSpiders(
  { name, path }: SpiderSource,
  importModule: ImportModule,
): Promise<LoadedSpider[]> {
  const classes = spiderExports(await importModule(path));
  if (classes.size === 0) {
    throw new SpiderLoadError(path, 'it exports no spider; it needs `export default class … extends Spider`');
  }
  const isAlone = classes.size === 1;
  return [...classes].map(([spider, exportName]) => ({
    name: ownName(spider) ?? (isAlone || exportName === 'default' ? name : `${name}#${exportName}`),
    file: path,
    spider,
  }));
}

/**
 * One spider of a file.
 *
 * @param exportName the part after `#`; without it the only spider or the default export.
 * @throws SpiderLoadError when the file cannot be loaded, has no such spider, or has several to choose from.
 */
export async function loadSpider(
  source: SpiderSource,
  exportName: string | undefined,
  importModule: ImportModule,
): Promise<LoadedSpider> {
  const spiders = await loadSpiders(source, importModule);
  const wanted = exportName === undefined ? source.name : `${source.name}#${exportName}`;
  const found =
    exportName === undefined
      ? spiders.length === 1
        ? spiders[0]
        : spiders.find(({ name }) => name === wanted)
      : spiders.find(({ name, spider }) => name === wanted || spider.name === exportName);
  if (found !== undefined) return found;
  const names = spiders.map(({ name }) => name).join(', ');
  throw new SpiderLoadError(
    source.path,
    exportName === undefined
      ? `it has several spiders and no default export, choose one of ${names}`
      : `it has no spider ${exportName}, only ${names}`,
  );
}

/** Whether a file may hold a spider with a name of its own; looks at the text only. */
export function maySetSpiderName(path: string): boolean {
  return readFileSync(path, 'utf8').includes('spiderName');
}

/** Classes by the first name they are exported under; the default export comes first. */
function spiderExports(exports: Readonly<Record<string, unknown>>): Map<SpiderClass, string> {
  const found = new Map<SpiderClass, string>();
  for (const name of ['default', ...Object.keys(exports)]) {
    const value = exports[name];
    if (isSpiderClass(value) && !isSpiderBase(value) && !found.has(value)) found.set(value, name);
  }
  return found;
}

function ownName(spider: SpiderClass): string | undefined {
  return Object.hasOwn(spider, 'spiderName') ? spider.spiderName : undefined;
}
