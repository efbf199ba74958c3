import type { FeedStorage } from '../contracts/feed-storage.ts';
import { OutputError } from '../errors/output-error.ts';
import { SettingsError } from '../errors/settings-error.ts';

/**
 * A storage that is written only where nothing is: `ifExists: 'refuse'`.
 *
 * @param looksAtOpen - whether its opening looks, too, and not only its check, after which a job makes it anew.
 * @throws SettingsError where the storage cannot tell what is there.
 */
export function onlyNew(storage: FeedStorage, looksAtOpen: boolean): FeedStorage {
  const { location } = storage;
  if (typeof storage.exists !== 'function') {
    throw new SettingsError(
      `feed ${location}: its storage cannot tell whether something is there, as ifExists 'refuse' needs; give it a method exists(), or choose 'overwrite'`,
    );
  }
  const expectNothing = async (): Promise<void> => {
    if ((await storage.exists?.()) !== true) return;
    throw new OutputError(location, 'it is there already; overwrite it with -O, or choose another name');
  };
  return {
    location,
    async check() {
      await expectNothing();
      await storage.check?.();
    },
    async open() {
      if (looksAtOpen) await expectNothing();
      await storage.open();
    },
    write: (chunk) => storage.write(chunk),
    close: () => storage.close(),
    ...(storage.discard !== undefined && { discard: storage.discard.bind(storage) }),
  };
}
