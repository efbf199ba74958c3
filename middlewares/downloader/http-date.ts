const DAY_NAME = /^(?:mon|tue|wed|thu|fri|sat|sun)$/i;
const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const LONG_MONTHS =
  'january february march april may june july august september october november december'.split(' ');
const LONGEST = 100;
const LAST_YEAR = 9999;
/** Minutes east of Greenwich. */
const ZONES: Readonly<Record<string, number>> = {
  UT: 0,
  UTC: 0,
  GMT: 0,
  Z: 0,
  AST: -240,
  ADT: -180,
  EST: -300,
  EDT: -240,
  CST: -360,
  CDT: -300,
  MST: -420,
  MDT: -360,
  PST: -480,
  PDT: -420,
};

/**
 * The time of a date header, in milliseconds since 1970; undefined where it is no date. Reads the three forms of
 * RFC 9110 section 5.6.7 and what servers make of them: other zones and offsets, no day name, no seconds, day and
 * month the other way round, as Python's email.utils does. No zone means GMT.
 */
export function httpDateMs(header: string | undefined): number | undefined {
  if (header === undefined || header.length > LONGEST) return undefined;
  let parts = header.split(/\s+/).filter((part) => part !== '');
  const [first = ''] = parts;
  if (first.endsWith(',') || DAY_NAME.test(first)) parts.shift();
  else parts[0] = first.slice(first.lastIndexOf(',') + 1);
  if (parts.length === 3) parts = [...dashed(parts[0]), ...parts.slice(1)];
  if (parts.length === 4) parts.push(...splitZone(parts.pop() ?? ''));
  if (parts.length < 5) return undefined;
  const [one = '', two = '', three = '', four = '', five = ''] = parts;
  if (one === '' || two === '' || three === '') return undefined;
  const isMonthSecond = monthOf(two) !== undefined;
  const [day, month] = isMonthSecond ? [one, monthOf(two)] : [two, monthOf(one)];
  let [year, time, zone] = three.indexOf(':') > 0 ? [four, three, five] : [three, four, five];
  year = withoutComma(year);
  if (!/^\d/.test(year)) [year, zone] = [zone, year];
  const clock = clockOf(withoutComma(time));
  const [yearNumber, dayNumber] = [integerOf(year), integerOf(withoutComma(day))];
  if (month === undefined || clock === undefined || yearNumber === undefined || dayNumber === undefined) {
    return undefined;
  }
  if (yearNumber > LAST_YEAR) return undefined;
  const ms = Date.UTC(fullYear(yearNumber), month, dayNumber, ...clock);
  return Number.isNaN(ms) ? undefined : ms - offsetMinutes(zone) * 60_000;
}

/** A whole number as Python's int() reads it; undefined where it is none. */
export function integerOf(text: string | undefined | null): number | undefined {
  return typeof text === 'string' && /^\s*[+-]?\d+(?:_\d+)*\s*$/.test(text)
    ? Number(text.replaceAll('_', ''))
    : undefined;
}

/** `14-Nov-23` of RFC 850. */
function dashed(text = ''): readonly string[] {
  const parts = text.split('-');
  return parts.length === 3 ? parts : [text];
}

/** `22:13:20+0100`, or a last part without a zone. */
function splitZone(text: string): readonly [string, string] {
  const plus = text.indexOf('+');
  const at = plus === -1 ? text.indexOf('-') : plus;
  return at > 0 ? [text.slice(0, at), text.slice(at)] : [text, ''];
}

function monthOf(text: string): number | undefined {
  const name = text.toLowerCase();
  const at = MONTHS.indexOf(name);
  const month = at === -1 ? LONG_MONTHS.indexOf(name) : at;
  return month === -1 ? undefined : month;
}

function clockOf(text: string): [number, number, number] | undefined {
  const parts = text.includes(':') ? text.split(':') : text.split('.');
  if (parts.length < 2 || parts.length > 3) return undefined;
  const [hours, minutes, seconds] = [...parts, '0'].map(integerOf);
  if (hours === undefined || minutes === undefined || seconds === undefined) return undefined;
  return [hours, minutes, seconds];
}

/** RFC 6265 and Python: two digits from 69 are of the last century. */
function fullYear(year: number): number {
  if (year >= 100) return year;
  return year > 68 ? year + 1900 : year + 2000;
}

function offsetMinutes(zone: string): number {
  const named = ZONES[zone.toUpperCase()];
  if (named !== undefined) return named;
  const offset = integerOf(zone) ?? 0;
  const size = Math.abs(offset);
  return Math.sign(offset) * (Math.floor(size / 100) * 60 + (size % 100));
}

function withoutComma(text: string): string {
  return text.endsWith(',') ? text.slice(0, -1) : text;
}
