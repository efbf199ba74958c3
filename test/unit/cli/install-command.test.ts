import { join } from 'node:path';
import { expect, it } from 'vitest';
import { installCommand, installProjectCommand } from '../../../src/cli/install-command.ts';

it('takes an installed copy for one of the registry', () => {
  const root = join('/work', 'shop', 'node_modules', 'orbweaver');
  expect([installCommand(root), installProjectCommand(root)]).toEqual([
    'npm install orbweaver',
    'npm install',
  ]);
});

it('installs a clone from where it lies', () => {
  expect(installProjectCommand(join('/work', 'orbweaver'))).toBe('npm install /work/orbweaver');
  expect(installCommand(join('/work', 'my clone'))).toBe("npm install '/work/my clone'");
});
