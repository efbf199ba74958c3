import { crc32 } from 'node:zlib';

const CHECK_LENGTH = 8;

/** A payload with the checksum of key and payload in front, as it is stored. */
export function sealRecord(key: string, payload: string | Uint8Array): string | Uint8Array {
  const check = checkOf(key, payload);
  return typeof payload === 'string'
    ? check + payload
    : Buffer.concat([Buffer.from(check, 'latin1'), payload]);
}

/** The payload of a stored record; undefined: record or key are not what was stored. */
export function unsealRecord(key: string, stored: Uint8Array): Buffer | undefined {
  const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength);
  const payload = bytes.subarray(CHECK_LENGTH);
  return bytes.toString('latin1', 0, CHECK_LENGTH) === checkOf(key, payload) ? payload : undefined;
}

/** The checksum that a sealed record carries, as a number. */
export function checkOfSealed(sealed: string | Uint8Array): number {
  const text =
    typeof sealed === 'string'
      ? sealed.slice(0, CHECK_LENGTH)
      : Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength).toString('latin1', 0, CHECK_LENGTH);
  return Number.parseInt(text, 16) >>> 0;
}

function checkOf(key: string, payload: string | Uint8Array): string {
  return crc32(payload, crc32(key)).toString(16).padStart(CHECK_LENGTH, '0');
}
