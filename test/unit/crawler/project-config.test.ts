import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadProjectConfig, plainSpidersFolder } from '../../../src/crawler/project-config.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'orbweaver-config-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const project = (text?: string) => {
  const configFile = text === undefined ? undefined : join(root, 'orbweaver.config.ts');
  if (configFile !== undefined) writeFileSync(configFile, text ?? '');
  return { root, configFile };
};
const load = (config: unknown) => loadProjectConfig(project(''), async () => ({ default: config }));

describe('loadProjectConfig', () => {
  it('is empty without a file, which is not asked for', async () => {
    const never = () => Promise.reject(new Error('loaded'));
    expect(await loadProjectConfig(project(), never)).toMatchObject({
      settings: {},
      spidersFolder: join(root, 'spiders'),
    });
  });

  it('parts the folder of the spiders from the settings', async () => {
    expect(await load({ maxPages: 5, spiders: 'crawlers' })).toEqual({
      settings: { maxPages: 5 },
      spidersFolder: join(root, 'crawlers'),
      source: 'project orbweaver.config.ts',
    });
  });

  it.each([[undefined], [null], ['text'], [[]], [() => ({})]])('refuses %s', async (config) => {
    await expect(load(config)).rejects.toThrow('must export its settings: export default { … }');
  });

  it('refuses a folder that is no text', async () => {
    await expect(load({ spiders: ['a'] })).rejects.toThrow('spiders must be the name of a folder');
  });
});

describe('plainSpidersFolder', () => {
  it('is known without running a configuration that does not speak of it', () => {
    expect(plainSpidersFolder(project('export default { maxPages: 1 };'))).toBe(join(root, 'spiders'));
    expect(plainSpidersFolder(project())).toBe(join(root, 'spiders'));
  });

  it('is unknown where the configuration may set it', () => {
    expect(plainSpidersFolder(project("export default { spiders: 'crawlers' };"))).toBeUndefined();
  });
});
