/** Digits of the number in a key. */
export const NUMBER_DIGITS = 13;

/** A key for a whole number from 0 to 2^52 that sorts as the number does. */
export function numberKey(prefix: string, number: number): string {
  return prefix + number.toString(16).padStart(NUMBER_DIGITS, '0');
}

/** The first key behind all that begin with a prefix. */
export function keyAfter(prefix: string): string {
  return prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
}
