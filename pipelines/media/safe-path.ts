import { safeFileName } from '../../src/api.ts';

const SEPARATORS = /[/\\]+/;
const EXTENSION = /\.[A-Za-z0-9]{1,8}$/;

/**
 * Any text as a relative path that stays where it is put: never absolute, no `..`, every part a name that all file
 * systems take. Too long a name keeps its extension. Applied to its own result it changes nothing.
 */
export function safePath(path: string): string {
  const names = path.split(SEPARATORS).filter((name) => name !== '' && name !== '.' && name !== '..');
  const last = names.pop() ?? '_';
  return [...names.map(safeFileName), safeLastName(last)].join('/');
}

function safeLastName(name: string): string {
  const extension = EXTENSION.exec(name)?.[0] ?? '';
  const stem = name.slice(0, name.length - extension.length);
  return stem === '' || extension === '' ? safeFileName(name) : safeFileName(stem) + extension;
}
