import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { SpooledBytes } from '../../../src/seeds/spooled-bytes.ts';
import { temporaryFolder } from '../feed/temporary-folder.ts';

it('SpooledBytes syncs its name in the folder once, with its first bytes', async () => {
  const folder = temporaryFolder();
  const stream = Readable.from([Buffer.from('one\n'), Buffer.from('two\n')]);
  const synced: string[] = [];
  const syncNames = async (place: string): Promise<void> => void synced.push(place);
  const path = join(folder, 'spool');
  const bytes = await SpooledBytes.open({ name: 'seeds', path, stream, state: {}, syncNames });
  const chunks = bytes.read(0)[Symbol.asyncIterator]();
  for (const _time of [1, 2]) {
    await chunks.next();
    await bytes.sync();
  }
  expect(synced).toEqual([folder]);
});
