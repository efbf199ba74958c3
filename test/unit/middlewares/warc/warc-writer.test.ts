import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { WarcWriter, type WarcWriterOptions } from '../../../../middlewares/warc/warc-writer.ts';
import { openOnLooseDisk, openOnSmallDisk } from '../../feed/failing-file.ts';
import { temporaryFolder } from '../../feed/temporary-folder.ts';

const nowhere = (): Promise<number> => Promise.reject(new Error('there is nothing to look through'));

async function writerOf(options: Partial<WarcWriterOptions> = {}): Promise<WarcWriter> {
  const path = options.path ?? join(temporaryFolder(), 'x.warc');
  const writer = new WarcWriter({ path, isPacked: false, ifExists: 'append', ...options });
  await writer.open(options.path === undefined ? nowhere : async () => 3);
  return writer;
}

const of = (text: string) => (): Buffer[] => [Buffer.from(text)];

describe('WarcWriter', () => {
  it('writes in the order of the calls', async () => {
    const writer = await writerOf();
    await Promise.all(['a', 'b', 'c'].map((text) => writer.write(1, of(text))));
    await writer.close();
    expect(readFileSync(writer.path, 'utf8')).toBe('abc');
    expect([writer.records, writer.bytes]).toEqual([3, 3]);
  });

  it('packs each record by itself', async () => {
    const writer = await writerOf({ isPacked: true });
    const long = 'y'.repeat(100_000);
    await writer.write(1, () => [Buffer.from('x'), Buffer.from(long)]);
    await writer.close();
    expect(gunzipSync(readFileSync(writer.path)).toString()).toBe(`x${long}`);
  });

  it('cuts an existing file where it is told to and goes on there', async () => {
    const path = join(temporaryFolder(), 'x.warc');
    writeFileSync(path, 'oldjunk');
    const writer = await writerOf({ path });
    await writer.write(1, of('new'));
    await writer.close();
    expect(readFileSync(path, 'utf8')).toBe('oldnew');
  });

  it('leaves what it overwrites until the first record, and no new file without one', async () => {
    const path = join(temporaryFolder(), 'x.warc');
    writeFileSync(path, 'old and long');
    await (await writerOf({ path, ifExists: 'overwrite' })).close();
    expect(readFileSync(path, 'utf8')).toBe('old and long');
    const writer = await writerOf({ path, ifExists: 'overwrite' });
    await writer.write(1, of('new'));
    await writer.close();
    expect(readFileSync(path, 'utf8')).toBe('new');
    const empty = await writerOf();
    await empty.close();
    expect(existsSync(empty.path)).toBe(false);
  });

  it('refuses an existing file where asked to', async () => {
    const path = join(temporaryFolder(), 'x.warc');
    writeFileSync(path, 'old');
    await expect(writerOf({ path, ifExists: 'refuse' })).rejects.toThrow('the file exists');
  });

  it('ends on a whole record when the disk is full, and stays failed', async () => {
    const writer = await writerOf({ open: openOnSmallDisk({ bytes: 5 }) });
    const writes = ['abc', 'def', 'g'].map((text) =>
      writer.write(1, of(text)).then(
        () => 'written',
        () => 'lost',
      ),
    );
    expect(await Promise.all(writes)).toEqual(['written', 'lost', 'lost']);
    await expect(writer.close()).rejects.toThrow('the disk is full');
    expect(readFileSync(writer.path, 'utf8')).toBe('abc');
  });

  it('leaves a file alone that something else writes to', async () => {
    const writer = await writerOf();
    await writer.write(1, of('abc'));
    appendFileSync(writer.path, 'other');
    await expect(writer.write(1, of('def'))).rejects.toThrow('something else writes to this archive');
    await expect(writer.close()).rejects.toThrow();
    expect(readFileSync(writer.path, 'utf8')).toBe('abcother');
  });

  it('fails where its records cannot be synced, and has nothing to sync without records', async () => {
    const writer = await writerOf({ open: openOnLooseDisk });
    await writer.sync();
    await writer.write(1, of('abc'));
    await expect(writer.sync()).rejects.toThrow('fsync');
    await expect(writer.close()).rejects.toThrow('fsync');
  });

  it('asks for patience while much waits', async () => {
    const writer = await writerOf();
    const first = writer.write(9_000_000, of('a'));
    expect(writer.room()).toBeInstanceOf(Promise);
    await first;
    await writer.room();
    expect(writer.room()).toBeUndefined();
    await writer.close();
  });
});
