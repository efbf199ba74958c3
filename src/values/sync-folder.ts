import { open } from 'node:fs/promises';

/** Makes the names in a folder survive a power cut, where the system can (Windows cannot). */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  try {
    await folder?.sync().catch(() => undefined);
  } finally {
    await folder?.close();
  }
}
