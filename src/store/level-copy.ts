import { copyFile, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '../contracts/store.ts';
import { openLevelStore } from './level-store.ts';

/** Written once and then only read. */
const TABLE = /\.ldb$/;
/** Not part of the records. */
const ASIDE = /^(?:LOCK|LOG|LOG\.old)$/;

/**
 * Opens a store that nobody has open and nothing may be written to, such as one on a read-only file system: LevelDB
 * cannot do without writing, so it works in a temporary folder with links to the tables and copies of the small
 * files. What is changed there is forgotten.
 *
 * @throws StoreError as `openLevelStore` does.
 */
export async function openLevelCopy(folder: string): Promise<Store> {
  const aside = await mkdtemp(join(tmpdir(), 'orbweaver-store-'));
  try {
    for (const name of await readdir(folder)) {
      if (ASIDE.test(name)) continue;
      const [from, to] = [join(folder, name), join(aside, name)];
      if (!TABLE.test(name)) await copyFile(from, to);
      // Links need a privilege on Windows.
      else await symlink(from, to).catch(() => copyFile(from, to));
    }
    return forgotten(await openLevelStore(aside, { create: false }), aside);
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    throw error;
  }
}

function forgotten(store: Store, aside: string): Store {
  return {
    get: (key) => store.get(key),
    range: (from, to, options) => store.range(from, to, options),
    batch: (changes) => store.batch(changes),
    sync: () => store.sync(),
    async close() {
      try {
        await store.close();
      } finally {
        await rm(aside, { recursive: true, force: true });
      }
    },
  };
}
