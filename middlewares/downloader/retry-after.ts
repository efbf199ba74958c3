const SECONDS = /^\d+(?:\.\d+)?$/;
const LONGEST = 64;
/** The three forms of RFC 9110 section 5.6.7; the last has no zone and means GMT. */
const DATE =
  /^[a-z]{3,9},? (?:\d{1,2}[ -][a-z]{3}[ -]\d{2,4} [\d:]{5,8} GMT|[a-z]{3} [ \d]\d [\d:]{5,8} \d{4})$/i;

/**
 * What a Retry-After header asks for, in milliseconds from `nowMs`: seconds or an HTTP date. Undefined: nothing,
 * a time that has passed, or no sense.
 */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  const value = header?.trim() ?? '';
  if (value === '' || value.length > LONGEST) return undefined;
  const ms = SECONDS.test(value) ? Number(value) * 1000 : dateMs(value) - nowMs;
  return ms > 0 ? ms : undefined;
}

function dateMs(value: string): number {
  if (!DATE.test(value)) return Number.NaN;
  return Date.parse(value.endsWith('GMT') ? value : `${value} GMT`);
}
