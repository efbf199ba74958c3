import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, it, vi } from 'vitest';
import { SpooledBytes } from '../../../src/seeds/spooled-bytes.ts';
import { syncFolder } from '../../../src/values/sync-folder.ts';
import { temporaryFolder } from '../feed/temporary-folder.ts';

vi.mock('../../../src/values/sync-folder.ts', () => ({ syncFolder: vi.fn(async () => {}) }));

it('SpooledBytes syncs its name in the folder once, with its first bytes', async () => {
  const folder = temporaryFolder();
  const stream = Readable.from([Buffer.from('one\n'), Buffer.from('two\n')]);
  const bytes = await SpooledBytes.open({ name: 'seeds', path: join(folder, 'spool'), stream, state: {} });
  const chunks = bytes.read(0)[Symbol.asyncIterator]();
  for (const _time of [1, 2]) {
    await chunks.next();
    await bytes.sync();
  }
  expect(vi.mocked(syncFolder).mock.calls).toEqual([[folder]]);
});
