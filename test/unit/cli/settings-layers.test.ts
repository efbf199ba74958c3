import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { settingsLayers } from '../../../src/cli/settings-layers.ts';
import { Workspace } from '../../../src/cli/workspace.ts';
import { fakeTerminal } from '../../support/fake-terminal.ts';

let root = '';
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'orbweaver-layers-')));
});
afterEach(() => rmSync(root, { recursive: true }));

it('reads --replay and --incremental as folders below the working folder', async () => {
  const options = { replay: 'pages', incremental: 'memory' };
  const { layers } = await settingsLayers(fakeTerminal(root), new Workspace(root), options);
  expect(layers).toEqual([
    { source: '--replay', settings: { httpCache: 'replay', httpCacheDir: join(root, 'pages') } },
    { source: '--incremental', settings: { incrementalDir: join(root, 'memory') } },
  ]);
});
