import { realpathSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { SpiderLoadError } from '../errors/spider-load-error.ts';
import { packageRoot } from '../values/package-root.ts';
import { loadFault } from './load-fault.ts';
import { sourcePlace } from './source-place.ts';
import { transpileCache } from './user-cache.ts';

/** Module names of the framework and what they stand for in this process. */
export type FrameworkModules = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Loads a TypeScript or JavaScript file and gives its exports. @throws SpiderLoadError */
export type ImportModule = (file: string) => Promise<Readonly<Record<string, unknown>>>;

/** What a module importer is made for. */
export interface ImporterOptions {
  /** `orbweaver`, `orbweaver/middlewares` …: spiders that import them get this very copy. */
  readonly modules: FrameworkModules;
  /** Folder of the project, whose `node_modules` holds the cache. */
  readonly projectRoot?: string | undefined;
}

/** How the spiders in the framework's own repository spell the framework. */
const OWN_SPELLINGS = ['src/api.ts', 'src/index.ts'].flatMap((file) => [`../${file}`, `../../${file}`]);

/** Makes what loads spiders and configuration. Nothing but this ever sees the transpiler. */
export async function createImporter({ modules, projectRoot }: ImporterOptions): Promise<ImportModule> {
  const { createJiti } = await import('jiti');
  const jiti = createJiti(import.meta.url, {
    fsCache: transpileCache(projectRoot) ?? false,
    virtualModules: virtualModules(modules, isOwnRepository(projectRoot)),
  });
  const withMap = (source: string, filename: string): string =>
    createJiti(import.meta.url, { fsCache: false, sourceMaps: true }).transform({
      source,
      filename,
      ts: /\.[cm]?ts$/.test(filename),
      async: true,
    });
  return async (file) => {
    try {
      return await jiti.import<Record<string, unknown>>(pathToFileURL(file).href);
    } catch (fault) {
      if (fault instanceof SpiderLoadError) throw fault;
      throw loadFault(file, fault, (place) => sourcePlace(place, withMap));
    }
  };
}

function virtualModules(modules: FrameworkModules, own: boolean): Record<string, unknown> {
  const table: Record<string, unknown> = Object.create(null);
  for (const [name, exports] of Object.entries(modules)) table[name] = withKnownNames(name, exports);
  if (own) for (const spelling of OWN_SPELLINGS) table[spelling] = table.orbweaver;
  return table;
}

/** A name that a module lacks would come as `undefined` and fail far from its cause. */
function withKnownNames(module: string, exports: Readonly<Record<string, unknown>>): unknown {
  return new Proxy(exports, {
    has: (target, key) => (typeof key === 'string' && !ASKED_BY_LOADERS.has(key)) || key in target,
    get(target, key) {
      if (key in target || typeof key === 'symbol' || ASKED_BY_LOADERS.has(key))
        return Reflect.get(target, key);
      throw new ReferenceError(`'${module}' exports no ${key}`);
    },
  });
}

/** Names that loaders and `await` look for in any module. */
const ASKED_BY_LOADERS: ReadonlySet<string> = new Set(['default', '__esModule', 'then']);

function isOwnRepository(projectRoot: string | undefined): boolean {
  return projectRoot !== undefined && realpathSync(projectRoot) === realpathSync(packageRoot());
}
