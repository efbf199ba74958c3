import { type FileHandle, open } from 'node:fs/promises';

/** `open` for files on a disk that has room for so many bytes; a write may be cut short before it fails. */
export function openOnSmallDisk(room: { bytes: number }): typeof open {
  return async (path, flags, mode) => {
    const file = await open(path, flags, mode);
    return new Proxy(file, { get: (target, member) => memberOf(target, member, room) });
  };
}

function memberOf(file: FileHandle, member: string | symbol, room: { bytes: number }): unknown {
  if (member !== 'write') {
    const value: unknown = Reflect.get(file, member, file);
    return typeof value === 'function' ? value.bind(file) : value;
  }
  return async (bytes: Uint8Array, offset: number, length: number, position: number) => {
    const { size } = await file.stat();
    const growth = Math.max(0, position + length - size);
    const fitting = length - Math.max(0, growth - room.bytes);
    if (fitting <= 0) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    room.bytes -= Math.min(growth, room.bytes);
    return await file.write(bytes, offset, fitting, position);
  };
}

/** `open` for files on a disk that cannot be synced. */
export const openOnLooseDisk: typeof open = async (path, flags, mode) => {
  const file = await open(path, flags, mode);
  const fail = (): Promise<void> =>
    Promise.reject(Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO' }));
  file.sync = fail;
  file.datasync = fail;
  return file;
};
