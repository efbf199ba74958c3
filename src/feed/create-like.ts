import type { FileHandle, open } from 'node:fs/promises';

/** A new file with the rights of another one; never with more, also not for a moment. */
export async function createLike(
  path: string,
  mode: number | undefined,
  openFile: typeof open,
): Promise<FileHandle> {
  const file = await openFile(path, 'wx', mode === undefined ? undefined : mode & 0o777);
  // The process's mask took some away; file systems without rights refuse to give them back.
  if (mode !== undefined) await file.chmod(mode & 0o777).catch(() => undefined);
  return file;
}
