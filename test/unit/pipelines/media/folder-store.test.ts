import {
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FolderStore } from '../../../../pipelines/index.ts';
import { temporaryFolder } from '../../feed/temporary-folder.ts';

const info = { contentType: undefined };

async function opened(folder = join(temporaryFolder(), 'new', 'files')): Promise<[FolderStore, string]> {
  const store = new FolderStore(folder, { sync: true });
  await store.open();
  return [store, folder];
}

describe('FolderStore', () => {
  it('has a file under its path once it is whole, and nothing else', async () => {
    const [store, folder] = await opened();
    const writer = await store.create();
    await writer.write(Buffer.from('one '));
    await writer.write(Buffer.from('two'));
    expect(await store.stat('full/a.txt')).toBeUndefined();
    await writer.keep('full/a.txt', info);
    expect(await store.stat('full/a.txt')).toMatchObject({ bytes: 7 });
    expect(readFileSync(join(folder, 'full', 'a.txt'), 'utf8')).toBe('one two');
    expect(readdirSync(folder)).toEqual(['full']);
  });

  it('leaves nothing of what is discarded', async () => {
    const [store, folder] = await opened();
    const writer = await store.create();
    await writer.write(Buffer.from('half'));
    await writer.discard();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuses paths that are not safe, without fault of its own', async () => {
    const [store] = await opened();
    for (const path of ['../x', '/x', 'a/../../x', 'a//b']) {
      const writer = await store.create();
      await expect(writer.keep(path, info)).rejects.toMatchObject({ reason: 'bad path' });
      await expect(store.stat(path)).rejects.toMatchObject({ reason: 'bad path' });
      await writer.discard();
    }
  });

  it('fails a file whose path is a folder, lies below a file, or is too long, and only that file', async () => {
    const [store, folder] = await opened();
    const keep = async (path: string): Promise<void> => {
      const writer = await store.create();
      await writer.keep(path, info).finally(() => writer.discard());
    };
    await keep('folder/file');
    const long = Array.from({ length: 100 }, () => 'x'.repeat(90)).join('/');
    for (const path of ['folder', 'folder/file/below', long])
      await expect(keep(path)).rejects.toMatchObject({ reason: 'bad path' });
    await expect(store.stat(long)).rejects.toMatchObject({ reason: 'bad path' });
    await keep('another');
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('says that nothing can be written once its folder is gone', async () => {
    const [store, folder] = await opened();
    const writer = await store.create();
    rmSync(folder, { recursive: true });
    await expect(store.create()).rejects.toMatchObject({ code: 'ERR_CRAWL_OUTPUT' });
    await expect(writer.keep('a', info)).rejects.toMatchObject({ code: 'ERR_CRAWL_OUTPUT' });
  });

  it('neither writes nor reads through links that lead out of it', async () => {
    const [store, folder] = await opened();
    const outside = temporaryFolder();
    writeFileSync(join(outside, 'secret.txt'), 'secret');
    symlinkSync(outside, join(folder, 'full'));
    symlinkSync(join(outside, 'secret.txt'), join(folder, 'link.txt'));
    const writer = await store.create();
    await expect(writer.keep('full/a.txt', info)).rejects.toThrow('is no folder');
    await writer.discard();
    expect(await store.stat('full/secret.txt')).toBeUndefined();
    expect(await store.stat('link.txt')).toBeUndefined();
    expect(readdirSync(outside)).toEqual(['secret.txt']);
    expect(readdirSync(folder).sort()).toEqual(['full', 'link.txt']);
  });

  it('replaces a link by the file, and leaves alone what it led to', async () => {
    const [store, folder] = await opened();
    const outside = join(temporaryFolder(), 'kept.txt');
    writeFileSync(outside, 'kept');
    symlinkSync(outside, join(folder, 'a.txt'));
    const writer = await store.create();
    await writer.write(Buffer.from('new'));
    await writer.keep('a.txt', info);
    expect([readFileSync(outside, 'utf8'), readFileSync(join(folder, 'a.txt'), 'utf8')]).toEqual([
      'kept',
      'new',
    ]);
  });

  it('removes parts of a process that was killed, a day later', async () => {
    const folder = temporaryFolder();
    const [old, young] = ['.0000000000000000.part', '.1111111111111111.part'].map((name) =>
      join(folder, name),
    );
    for (const path of [old, young]) writeFileSync(path ?? '', 'half');
    utimesSync(old ?? '', 0, Date.now() / 1000 - 90_000);
    await opened(folder);
    expect([existsSync(old ?? ''), existsSync(young ?? '')]).toEqual([false, true]);
  });

  it('says where it cannot be made', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    await expect(new FolderStore(join(file, 'x')).open()).rejects.toMatchObject({ code: 'ERR_CRAWL_OUTPUT' });
  });
});
