import { hash } from 'node:crypto';

const UNSAFE = /[\0-\x20\x7f-\x9f"*/:<>?\\|\p{C}\p{Z}]+/gu;
const DOTS_AROUND = /^\.+|\.+$/g;
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;
const MAX_BYTES = 100;
const KEPT_CHARACTERS = 20;

/**
 * Any text as one name for a file or folder, or a part of one: no separators, no control characters, never `.`
 * or `..`, no device name, at most 100 bytes. A text that is too long keeps its beginning and gets a hash.
 */
export function safeFileName(text: string): string {
  const clean = text
    .slice(0, MAX_BYTES + 1)

    .replace(UNSAFE, '-')
    .replace(DOTS_AROUND, '_');
  const name = clean === '' || RESERVED.test(clean) ? `_${clean}` : clean;
  if (text.length <= MAX_BYTES && Buffer.byteLength(name) <= MAX_BYTES) return name;
  const start = [...name].slice(0, KEPT_CHARACTERS).join('');
  return `${start}-${hash('sha256', text, 'hex').slice(0, 16)}`;
}
