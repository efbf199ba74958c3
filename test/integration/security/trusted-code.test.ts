import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { runCommandLine } from '../../../src/cli/main.ts';
import { temporaryFolder } from '../../parity/temporary-folder.ts';
import { crawl } from '../../support/command-line.ts';
import { fakeTerminal } from '../../support/fake-terminal.ts';

const framework = fileURLToPath(new URL('../../../', import.meta.url));
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
if (!isRoot) console.warn('only root gives files to another user and mounts: tests of that are skipped');

/** Code that leaves a trace where it is run. */
const leaving = (trace: string): string =>
  `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(trace)}, '');\n`;

/** A project, of which each file leaves a trace when it is run. */
function project() {
  const root = temporaryFolder();
  const ran = (name: string): string => join(root, `ran-${name}`);
  const spider = (name: string): string => `${leaving(ran(name))}import { Spider } from 'orbweaver';
export default class S extends Spider { static spiderName = 'own-${name}'; startUrls = ['data:,']; parse() {} }\n`;
  mkdirSync(join(root, 'spiders/below'), { recursive: true });
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(root, 'orbweaver.config.js'), `${leaving(ran('config'))}export default {};\n`);
  writeFileSync(join(root, 'spiders/shop.js'), spider('shop'));
  writeFileSync(join(root, 'spiders/below/deep.js'), spider('deep'));
  return { root, ran };
}

const COMMANDS = [
  ['shop', '-q'],
  ['deep', '-q'],
  ['own-shop', '-q'],
  ['own-deep', '-q'],
  ['list', '--long'],
  ['check'],
  ['doctor'],
  ['parse', 'http://127.0.0.1:1/', '-s', 'retryTimes=0', '-s', 'logLevel=silent'],
  ['settings'],
];

/** What the commands run of a project, in which something was changed. */
async function whatRuns(change: (root: string) => void): Promise<readonly string[]> {
  const { root, ran } = project();
  change(root);
  vi.stubEnv('XDG_CACHE_HOME', temporaryFolder());
  onTestFinished(() => void vi.unstubAllEnvs());
  for (const words of COMMANDS) await runCommandLine(words, fakeTerminal(root));
  return ['config', 'shop', 'deep'].filter((name) => existsSync(ran(name)));
}

describe.skipIf(process.platform === 'win32')('code that somebody else can have put there is not run', () => {
  const files = { config: 'orbweaver.config.js', shop: 'spiders/shop.js', deep: 'spiders/below/deep.js' };
  const folders = { config: '.', shop: 'spiders', deep: 'spiders/below' };

  it('and the code of the user is', async () => {
    expect(await whatRuns(() => {})).toEqual(['config', 'shop', 'deep']);
  });

  it.each(Object.entries(files))('as a file that everybody may write: %s', async (name, path) => {
    expect(await whatRuns((root) => chmodSync(join(root, path), 0o666))).not.toContain(name);
  });

  it.each(Object.entries(folders))(
    'in a folder where everybody may write: that of %s',
    async (name, path) => {
      expect(await whatRuns((root) => chmodSync(join(root, path), 0o777))).not.toContain(name);
    },
  );

  it.runIf(isRoot).each([...Object.entries(files), ...Object.entries(folders)])(
    'of another user: %s in %s',
    async (name, path) => {
      expect(await whatRuns((root) => chownSync(join(root, path), NOBODY, NOBODY))).not.toContain(name);
    },
  );
});

describe('the search for a project', () => {
  /** Whether a configuration is found from a folder below it. */
  async function isFound(prepare: (root: string, below: string) => Record<string, string>): Promise<boolean> {
    const { root, ran } = project();
    const below = join(root, 'below');
    mkdirSync(below);
    await crawl(['settings'], { cwd: below, env: prepare(root, below) });
    return existsSync(ran('config'));
  }

  it('goes upwards, to the first package.json', async () => {
    expect(await isFound(() => ({}))).toBe(true);
    const inner = (_root: string, below: string) => {
      writeFileSync(join(below, 'package.json'), '{}');
      return {};
    };
    expect(await isFound(inner)).toBe(false);
  });

  it('does not enter the home folder', async () => {
    expect(await isFound((root) => ({ HOME: root }))).toBe(false);
  });

  it.runIf(isRoot && process.platform === 'linux')('does not enter another file system', async (context) => {
    const found = await isFound((_root, below) => {
      const { status } = spawnSync('mount', ['-t', 'tmpfs', 'none', below]);
      context.skip(status !== 0, 'nothing can be mounted here');
      onTestFinished(() => void spawnSync('umount', [below]));
      return {};
    });
    expect(found).toBe(false);
  });
});

describe('transpiled code', () => {
  const PLANTED = "\nglobalThis.process.stderr.write('PLANTED');\n";
  const SPIDER = `import { Spider } from 'orbweaver';
const title: string = 'x';
export default class S extends Spider { startUrls = ['data:,']; parse() { return { title }; } }\n`;

  /** Runs the spider, with a shared folder for temporary files. */
  const run = (cwd: string, shared: string) =>
    crawl(['./shop.ts', '-q'], { cwd, env: { TMPDIR: shared, XDG_CACHE_HOME: join(cwd, 'cache') } });

  it('in the shared temporary folder is never run', async () => {
    const [cwd, shared] = [temporaryFolder(), temporaryFolder()];
    writeFileSync(
      join(cwd, 'shop.ts'),
      SPIDER.replace("import { Spider } from 'orbweaver';", 'class Spider {}'),
    );
    // As jiti would use it if left alone.
    const script = `import { createJiti } from 'jiti';
await createJiti(${JSON.stringify(cwd)}, { fsCache: true }).import(${JSON.stringify(join(cwd, 'shop.ts'))});`;
    const alone = () =>
      spawnSync(process.execPath, ['--input-type=module', '-e', script], {
        cwd: framework,
        env: { ...process.env, TMPDIR: shared },
        encoding: 'utf8',
      }).stderr;
    alone();
    const plant = (): number => {
      const found = readdirSync(shared, { recursive: true, withFileTypes: true }).filter((one) =>
        one.isFile(),
      );
      for (const { parentPath, name } of found) {
        const path = join(parentPath, name);
        writeFileSync(path, PLANTED + readFileSync(path, 'utf8'));
      }
      return found.length;
    };
    expect(plant()).toBeGreaterThan(0);
    expect(alone()).toContain('PLANTED');
    expect((await run(cwd, shared)).stderr).not.toContain('PLANTED');
  });

  it.skipIf(process.platform === 'win32')(
    "lies in a folder of the user's own, closed to others",
    async () => {
      const [cwd, shared] = [temporaryFolder(), temporaryFolder()];
      writeFileSync(join(cwd, 'shop.ts'), SPIDER);
      expect((await run(cwd, shared)).code).toBe(0);
      const own = join(cwd, 'cache/orbweaver/transpiled');
      expect(readdirSync(own).length).toBeGreaterThan(0);
      expect(statSync(own).mode & 0o777).toBe(0o700);
      expect(readdirSync(shared)).toEqual([]);
      // Others could have planted something there: it is not used.
      writeFileSync(join(own, readdirSync(own)[0] ?? ''), PLANTED);
      chmodSync(own, 0o777);
      const { code, stderr } = await run(cwd, shared);
      expect([code, stderr]).toEqual([0, '']);
    },
  );
});
