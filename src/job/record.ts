import { crc32 } from 'node:zlib';

const CHECK_LENGTH = 8;

/** A payload with the checksum of key and payload in front, as it is stored. */
export function sealRecord(key: string, payload: string | Uint8Array): string | Uint8Array {
  const check = checkOf(key, payload).toString(16).padStart(CHECK_LENGTH, '0');
  return typeof payload === 'string'
    ? check + payload
    : Buffer.concat([Buffer.from(check, 'latin1'), payload]);
}

/** The payload of a stored record; undefined: record or key are not what was stored. */
export function unsealRecord(key: string, stored: Uint8Array): Buffer | undefined {
  const payload = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength).subarray(CHECK_LENGTH);
  return checkIn(stored) === checkOf(key, payload) ? payload : undefined;
}

/** The checksum that a sealed record carries, as a number. */
export function checkOfSealed(sealed: string | Uint8Array): number {
  return typeof sealed === 'string' ? Number.parseInt(sealed.slice(0, CHECK_LENGTH), 16) : checkIn(sealed);
}

function checkOf(key: string, payload: string | Uint8Array): number {
  return crc32(payload, crc32(key));
}

/** The checksum at the beginning of a record; -1: there is none. Read digit by digit: opening a job reads hundreds of thousands. */
function checkIn(stored: Uint8Array): number {
  let check = 0;
  for (let at = 0; at < CHECK_LENGTH; at++) {
    const code = stored[at] ?? 0;
    const isDigit = code >= 0x30 && code <= 0x39;
    if (!isDigit && (code < 0x61 || code > 0x66)) return -1;
    check = check * 16 + code - (isDigit ? 0x30 : 0x57);
  }
  return check;
}
