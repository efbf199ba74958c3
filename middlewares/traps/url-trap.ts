/** What makes an address look like one of a trap. Zero switches a rule off. */
export interface UrlTrapRules {
  /** Most segments of a path. */
  readonly pathSegments: number;
  /** Most times that a segment, or a run of up to ten, may stand behind itself. */
  readonly repeatedSegments: number;
  /** Most years from now, forwards, of a date in an address. */
  readonly yearsAhead: number;
  /** Most years from now, backwards. */
  readonly yearsBack: number;
}

/** Why an address is not asked for. */
export type UrlTrap = 'path-segments' | 'repeated-segments' | 'calendar';

const BEHIND_HOST = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*([^?#]*)([^#]*)/i;
const LONGEST_RUN = 10;
/** Dates that a calendar without end must pass on its way; ids and numbers beyond are no dates. */
const FIRST_YEAR = 1800;
const LAST_YEAR = 2200;
/** `/2031/05/`, `2031-05-12`, `2031_5`: a year, then a month. */
const DATED = /(?<!\d)(\d{4})[-/_.](?:0?[1-9]|1[0-2])(?!\d)/g;
/** `year=2031`. */
const YEAR_ARGUMENT = /[?&;](?:year|yr|y)=(\d{4})(?!\d)/gi;
/** `date=20310512`, `/20310512`. */
const COMPACT_DATE = /(?<!\d)(\d{4})(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)/g;
const DATES = [DATED, YEAR_ARGUMENT, COMPACT_DATE];

/** The rule that an address breaks, judged by its text alone. */
export function urlTrap(url: string, rules: UrlTrapRules, nowMs: number): UrlTrap | undefined {
  const [, path = '', query = ''] = BEHIND_HOST.exec(url) ?? [];
  const segments = path.split('/').filter((segment) => segment !== '');
  if (rules.pathSegments > 0 && segments.length > rules.pathSegments) return 'path-segments';
  if (rules.repeatedSegments > 0 && repeats(segments, rules.repeatedSegments)) return 'repeated-segments';
  return isFarDate(path + query, rules, nowMs) ? 'calendar' : undefined;
}

/** Whether a run of segments is followed by itself more often than allowed: `/a/b/a/b/a/b`. */
function repeats(segments: readonly string[], most: number): boolean {
  for (let run = 1; run <= LONGEST_RUN && run * (most + 1) <= segments.length; run++) {
    // `run` segments stand once more for each `run` places in a row that equal the place `run` before.
    let equal = 0;
    for (let at = run; at < segments.length; at++) {
      equal = segments[at] === segments[at - run] ? equal + 1 : 0;
      if (equal >= run * most) return true;
    }
  }
  return false;
}

function isFarDate(address: string, { yearsAhead, yearsBack }: UrlTrapRules, nowMs: number): boolean {
  if (yearsAhead === 0 && yearsBack === 0) return false;
  const thisYear = new Date(nowMs).getUTCFullYear();
  for (const form of DATES) {
    for (const [, digits] of address.matchAll(form)) {
      const year = Number(digits);
      if (yearsAhead > 0 && year > thisYear + yearsAhead && year <= LAST_YEAR) return true;
      if (yearsBack > 0 && year < thisYear - yearsBack && year >= FIRST_YEAR) return true;
    }
  }
  return false;
}
