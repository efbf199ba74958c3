import { existsSync, statSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import { findProject, type Project } from '../crawler/find-project.ts';
import { type LoadedSpider, loadSpider, loadSpiders, maySetSpiderName } from '../crawler/load-spider.ts';
import { createImporter, type ImportModule } from '../crawler/module-importer.ts';
import { type LoadedConfig, loadProjectConfig, plainSpidersFolder } from '../crawler/project-config.ts';
import { listSpiderFiles, type SpiderFile } from '../crawler/spider-files.ts';
import { assertTrusted } from '../crawler/trusted-path.ts';
import { nearest } from '../values/nearest.ts';
import { COMMANDS, isCommand } from './command-names.ts';
import { frameworkModules } from './framework-modules.ts';
import { UsageError } from './usage-error.ts';

const SOURCE = /\.[cm]?[jt]s$/;

/** The spiders and the configuration that a command sees from its folder. Loads code only when asked for it. */
export class Workspace {
  readonly cwd: string;
  readonly project: Project | undefined;
  #importer: Promise<ImportModule> | undefined;
  #config: Promise<LoadedConfig | undefined> | undefined;

  /** @throws SettingsError when the project could have been planted by somebody else. */
  constructor(cwd: string, project: Project | undefined = findProject(cwd)) {
    this.cwd = cwd;
    this.project = project;
  }

  /** The workspace that a reference is looked up in: a file brings its own project, if it is in one. */
  static for(cwd: string, reference: string | undefined): Workspace {
    const file = reference === undefined ? undefined : fileReference(cwd, reference)?.path;
    const folder = file === undefined ? undefined : dirname(file);
    return new Workspace(cwd, findProject(folder !== undefined && existsSync(folder) ? folder : cwd));
  }

  /** The project's configuration; undefined without a project. @throws SpiderLoadError */
  config(): Promise<LoadedConfig | undefined> {
    this.#config ??= this.#loadConfig();
    return this.#config;
  }

  /** Where the spiders lie: the project's folder for them; without a project, the working folder. */
  async spidersFolder(): Promise<string> {
    if (this.project === undefined) return this.cwd;
    return plainSpidersFolder(this.project) ?? (await this.config())?.spidersFolder ?? this.cwd;
  }

  /** The project's spider files. Without a project, none. */
  async spiderFiles(): Promise<SpiderFile[]> {
    const folder = await this.spidersFolder();
    if (this.project === undefined || !existsSync(folder)) return [];
    assertTrusted(folder, this.project.root);
    return listSpiderFiles(folder);
  }

  /**
   * Loads a file of the project and gives its spiders.
   *
   * @throws SpiderLoadError
   * @throws SettingsError when somebody else may have put it there.
   */
  async load(file: SpiderFile): Promise<LoadedSpider[]> {
    this.#assertTrusted(file);
    return loadSpiders(file, await this.#import());
  }

  /**
   * The spider that a name, `file#Export` or path means.
   *
   * @throws UsageError when there is none; names what it may have meant.
   * @throws SpiderLoadError when its file cannot be loaded.
   */
  async find(reference: string, orCommand: boolean = false): Promise<LoadedSpider> {
    const given = fileReference(this.cwd, reference);
    if (given !== undefined) return this.#findFile(reference, given);
    const files = await this.spiderFiles();
    const hash = reference.lastIndexOf('#');
    const [name, exportName] =
      hash > 0 ? [reference.slice(0, hash), reference.slice(hash + 1)] : [reference, undefined];
    const file = fileNamed(files, name);
    if (file === undefined)
      return (await this.#findByOwnName(files, reference)) ?? this.#unknown(reference, files, orCommand);
    if (isCommand(file.name)) {
      throw new UsageError(
        `${file.path}: a spider may not be called "${file.name}", that is a command`,
        'Rename the file.',
      );
    }
    this.#assertTrusted(file);
    return loadSpider(file, exportName, await this.#import());
  }

  async #findFile(reference: string, { path, exportName }: FileReference): Promise<LoadedSpider> {
    if (!existsSync(path)) {
      const files = await this.spiderFiles();
      const near = nearest(
        basename(path).replace(SOURCE, ''),
        files.map(({ name }) => name),
      );
      throw new UsageError(
        `there is no file ${reference}`,
        near.length > 0 ? `Did you mean the spider ${near.join(' or ')}?` : `Looked for ${path}.`,
      );
    }
    if (!statSync(path).isFile()) throw new UsageError(`${reference} is a folder, not a spider's file`);
    const source = { name: basename(path).replace(SOURCE, ''), path };
    return loadSpider(source, exportName, await this.#import());
  }

  async #findByOwnName(files: readonly SpiderFile[], name: string): Promise<LoadedSpider | undefined> {
    const found: LoadedSpider[] = [];
    for (const file of files.filter(({ path }) => maySetSpiderName(path))) {
      const spiders = await this.load(file).catch(() => []);
      found.push(...spiders.filter((loaded) => loaded.name === name));
    }
    if (found.length < 2) return found[0];
    const paths = found.map(({ file }) => relative(this.cwd, file)).join(', ');
    throw new UsageError(
      `several spiders are called "${name}": ${paths}`,
      'Give each a spiderName of its own, or name the file: crawl ./spiders/file.ts',
    );
  }

  #unknown(name: string, files: readonly SpiderFile[], orCommand: boolean): never {
    const what = orCommand ? 'command or spider' : 'spider';
    if (/^https?:\/\//.test(name)) {
      throw new UsageError(`${name} is a URL, not a spider`, `To look at the page: crawl shell ${name}`);
    }
    const near = [
      ...(orCommand ? nearest(name, COMMANDS).map((word) => `crawl ${word}`) : []),
      ...nearest(
        name,
        files.map((file) => file.name),
      ).map((word) => `crawl ${orCommand ? '' : 'run '}${word}`),
    ];
    const hints = [
      ...(near.length > 0 ? [`Did you mean ${near.map((line) => `\`${line}\``).join(' or ')}?`] : []),
      this.project === undefined
        ? 'There is no project here: make one by `crawl init`, or name a file: crawl ./spider.ts'
        : files.length === 0
          ? 'The project has no spiders yet: `crawl new spider <name>` writes one.'
          : '`crawl list` names the spiders.',
    ];
    throw new UsageError(`there is no ${what} "${name}"`, hints.join(' '));
  }

  #assertTrusted({ path }: SpiderFile): void {
    if (this.project === undefined) return;
    for (const one of [dirname(path), path]) assertTrusted(one, this.project.root);
  }

  #import(): Promise<ImportModule> {
    this.#importer ??= frameworkModules().then((modules) =>
      createImporter({ modules, projectRoot: this.project?.root }),
    );
    return this.#importer;
  }

  async #loadConfig(): Promise<LoadedConfig | undefined> {
    return this.project && loadProjectConfig(this.project, await this.#import());
  }
}

interface FileReference {
  readonly path: string;
  readonly exportName: string | undefined;
}

/** What looks like a file: a path with a source file's extension, and perhaps `#Export`. */
function fileReference(cwd: string, reference: string): FileReference | undefined {
  if (SOURCE.test(reference)) return { path: resolve(cwd, reference), exportName: undefined };
  const hash = reference.lastIndexOf('#');
  if (hash < 1 || !SOURCE.test(reference.slice(0, hash))) return undefined;
  return { path: resolve(cwd, reference.slice(0, hash)), exportName: reference.slice(hash + 1) };
}

/** By the full name, or by the last part of it where only one file has that. */
function fileNamed(files: readonly SpiderFile[], name: string): SpiderFile | undefined {
  const exact = files.find((file) => file.name === name);
  if (exact !== undefined) return exact;
  const byLastPart = files.filter((file) => basename(file.name) === name);
  return byLastPart.length === 1 ? byLastPart[0] : undefined;
}
