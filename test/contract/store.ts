import { expect, it } from 'vitest';
import type { Store } from '../../src/contracts/store.ts';

/** The rules that every store keeps. `reopen` closes nothing: it gives the same records to a new store. */
export function storeContract(open: () => Promise<Store>, reopen: () => Promise<Store>): void {
  const text = (value: Uint8Array | undefined): string | undefined =>
    value === undefined ? undefined : Buffer.from(value).toString('utf8');
  const keys = async (store: Store, ...range: Parameters<Store['range']>): Promise<string[]> =>
    (await store.range(...range)).map(({ key }) => key);

  it('gives what a batch put, as bytes', async () => {
    const store = await open();
    await store.batch([
      ['a', 'text: ä'],
      ['b', Uint8Array.of(0, 255)],
    ]);
    expect(text(await store.get('a'))).toBe('text: ä');
    expect([...((await store.get('b')) ?? [])]).toEqual([0, 255]);
    expect(await store.get('c')).toBeUndefined();
    await store.close();
  });

  it('deletes what a batch names without a value, in the order of the batch', async () => {
    const store = await open();
    await store.batch([
      ['a', '1'],
      ['a', undefined],
      ['b', undefined],
      ['b', '2'],
    ]);
    expect(await keys(store, '', '\uffff')).toEqual(['b']);
    await store.close();
  });

  it('reads ranges in order of bytes, either way, up to a limit and without the end', async () => {
    const store = await open();
    await store.batch(['b', 'a', 'c', 'a\u0000', 'd'].map((key) => [key, '']));
    expect(await keys(store, 'a', 'd')).toEqual(['a', 'a\u0000', 'b', 'c']);
    expect(await keys(store, 'a', 'd', { limit: 2 })).toEqual(['a', 'a\u0000']);
    expect(await keys(store, 'a', 'd', { limit: 2, reverse: true })).toEqual(['c', 'b']);
    await store.close();
  });

  it('gives a range whole that is larger than one read', async () => {
    const store = await open();
    const large = 'x'.repeat(1024 * 1024);
    await store.batch(Array.from({ length: 12 }, (_, at) => [`k${String(at).padStart(2, '0')}`, large]));
    expect(await keys(store, 'k', 'l')).toHaveLength(12);
    await store.close();
  });

  it('keeps what it has when a range of it is compacted', async () => {
    const store = await open();
    await store.batch(['a', 'b', 'c', 'd'].map((key) => [key, key]));
    await store.batch([['b', undefined]]);
    await store.compact?.('b', 'd');
    expect(await keys(store, 'a', 'e')).toEqual(['a', 'c', 'd']);
    await store.compact?.();
    expect(await keys(store, 'a', 'e')).toEqual(['a', 'c', 'd']);
    await store.close();
  });

  it('ends a read early where it is to bring so many bytes, but not before its first record', async () => {
    const store = await open();
    const large = 'x'.repeat(256 * 1024);
    await store.batch(Array.from({ length: 40 }, (_, at) => [`k${String(at).padStart(2, '0')}`, large]));
    const some = await store.range('k', 'l', { mostBytes: 1024 * 1024 });
    expect(some.length).toBeGreaterThan(0);
    expect(some.length).toBeLessThan(10);
    expect(await keys(store, 'k', 'l', { mostBytes: 1 })).toEqual(['k00']);
    expect(await keys(store, 'k', 'l', { mostBytes: 1, reverse: true })).toEqual(['k39']);
    await store.close();
  });

  it('reads a range as it was when it was asked for', async () => {
    const store = await open();
    await store.batch([['a', '']]);
    const reading = store.range('', '\uffff');
    await store.batch([['b', '']]);
    expect((await reading).map(({ key }) => key)).toEqual(['a']);
    await store.close();
  });

  it('has everything again after it was closed', async () => {
    const store = await open();
    await store.batch([['a', '1']]);
    await store.sync();
    await store.close();
    const again = await reopen();
    expect(text(await again.get('a'))).toBe('1');
    await again.close();
  });
}
