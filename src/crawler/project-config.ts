import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { SettingsError } from '../errors/settings-error.ts';
import type { PartialSettings } from '../settings/settings.ts';
import { DEFAULT_SPIDERS_FOLDER, type Project } from './find-project.ts';
import type { ImportModule } from './module-importer.ts';

/** What `orbweaver.config.ts` may export: settings for all spiders of the project, and where they lie. */
export interface ProjectConfig extends PartialSettings {
  /** The folder of the spiders, from the project's root. @defaultValue `spiders` */
  readonly spiders?: string;
}

/** A project's configuration as read. */
export interface LoadedConfig {
  readonly settings: PartialSettings;
  readonly spidersFolder: string;
  /** Names the layer in messages. */
  readonly source: string;
}

/**
 * Loads a project's configuration.
 *
 * @throws SpiderLoadError when the file cannot be loaded.
 * @throws SettingsError when it exports no object.
 */
export async function loadProjectConfig(project: Project, importModule: ImportModule): Promise<LoadedConfig> {
  const { root, configFile } = project;
  if (configFile === undefined) {
    return { settings: {}, spidersFolder: join(root, DEFAULT_SPIDERS_FOLDER), source: 'project' };
  }
  const source = `project ${basename(configFile)}`;
  const config = (await importModule(configFile)).default;
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw new SettingsError(`${configFile} must export its settings: export default { … }`);
  }
  const { spiders = DEFAULT_SPIDERS_FOLDER, ...settings } = config as ProjectConfig;
  if (typeof spiders !== 'string') {
    throw new SettingsError(`${source}: spiders must be the name of a folder, got ${typeof spiders}`);
  }
  return { settings, spidersFolder: resolve(root, spiders), source };
}

/**
 * The spiders' folder where it can be told without running the configuration: undefined when that may set it,
 * that is when it holds the word `spiders`.
 */
export function plainSpidersFolder({ root, configFile }: Project): string | undefined {
  const maySet = configFile !== undefined && /\bspiders\b/.test(readFileSync(configFile, 'utf8'));
  return maySet ? undefined : join(root, DEFAULT_SPIDERS_FOLDER);
}
