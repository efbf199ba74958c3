import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const FOLDERS = ['src', 'spiders', 'pipelines', 'middlewares'];
const run = promisify(execFile);

describe('the layer check', () => {
  const copy = mkdtempSync(join(tmpdir(), 'orbweaver-layers-'));
  for (const name of [...FOLDERS, '.dependency-cruiser.mjs', 'package.json', 'tsconfig.json'])
    cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const check = async (): Promise<string> => {
    const words = [
      join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'),
      '--config',
      '.dependency-cruiser.mjs',
      ...FOLDERS,
    ];
    const { stdout } = await run(process.execPath, words, { cwd: copy }).catch(
      (error) => error as { stdout: string },
    );
    return stdout;
  };
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  it('reports an import upwards, a cycle of types, and a package that comes in by another door, and nothing else', async () => {
    const plant = (path: string, text: string): void => writeFileSync(join(copy, path), text);
    plant('src/markup/planted.ts', "export { Request } from '../values/request.ts';\n");
    plant('src/values/planted.ts', "import type { Self } from './planted.ts';\nexport type Self = Self[];\n");
    plant('src/engine/planted.ts', "export { Agent } from 'undici';\n");
    const found = await check();
    expect(found).toContain('error layer-markup: src/markup/planted.ts → src/values/request.ts');
    expect(found).toMatch(/error no-circular: src\/values\/planted\.ts/);
    expect(found).toContain('error door-undici: src/engine/planted.ts');
    expect(found.match(/^ *error .*/gm)?.filter((line) => !line.includes('planted.ts'))).toEqual([]);
  });
});
