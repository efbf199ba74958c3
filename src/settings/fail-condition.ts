/** Figures of a crawl's end that conditions may be about. */
export interface EndFigures {
  /** Pages given to callbacks. */
  readonly pages: number;
  /** Items that came through the pipelines. */
  readonly items: number;
  /** Errors of downloads, callbacks and pipelines. */
  readonly errors: number;
  /** Requests that failed for good, unwanted statuses and what a replay lacks among them. */
  readonly failed: number;
  /** Requests that were given up and that no errback took. */
  readonly dead: number;
  /** Items that pipelines dropped. */
  readonly dropped: number;
}

/** A condition that fails a crawl. */
export interface FailCondition {
  readonly text: string;
  readonly figure: keyof EndFigures;
  readonly sign: '>' | '>=' | '<' | '<=' | '=';
  readonly bound: number;
  /** The bound is a share of the pages, in percent. */
  readonly isPercent: boolean;
}

const FORM = /^\s*(pages|items|errors|failed|dead|dropped)\s*(>=|<=|>|<|=)\s*(\d+(?:\.\d+)?)\s*(%?)\s*$/;

/** What conditions look like, for messages. */
export const FAIL_CONDITION_FORM =
  'a condition such as errors>1% or items<100: errors, failed, dead, dropped, items or pages; >, >=, <, <= or =; a number, or % of the pages';

/** Reads a condition: `errors>1%`, `items < 100`; undefined: it is none. */
export function parseFailCondition(text: string): FailCondition | undefined {
  const [, figure, sign, bound, percent] = FORM.exec(text) ?? [];
  if (figure === undefined || sign === undefined) return undefined;
  return {
    text: text.replaceAll(/\s+/g, ''),
    figure: figure as FailCondition['figure'],
    sign: sign as FailCondition['sign'],
    bound: Number(bound),
    isPercent: percent === '%',
  };
}

/** What a condition that is met has to say, with its figures: `errors>1%: 12 errors, 3 % of 400 pages`; undefined: it is not met. */
export function metCondition(condition: FailCondition, figures: EndFigures): string | undefined {
  const { text, figure, sign, bound, isPercent } = condition;
  const value = figures[figure];
  const compared = isPercent ? percentOf(value, figures.pages) : value;
  if (!SIGNS[sign](compared, bound)) return undefined;
  const counted = counting(value, figure);
  if (!isPercent) return `${text}: ${counted}`;
  const pages = counting(figures.pages, 'pages');
  return figures.pages === 0
    ? `${text}: ${counted} and no pages`
    : `${text}: ${counted}, ${compared.toLocaleString('en', { maximumSignificantDigits: 4 })} % of ${pages}`;
}

/** `1 error`, `1,200 errors`, `3 dead`. */
function counting(value: number, figure: keyof EndFigures): string {
  return `${value.toLocaleString('en')} ${value === 1 ? figure.replace(/s$/, '') : figure}`;
}

/** Something without a single page is more than any share, nothing is none. */
function percentOf(value: number, pages: number): number {
  if (pages === 0) return value === 0 ? 0 : Number.POSITIVE_INFINITY;
  return (value * 100) / pages;
}

const SIGNS: Readonly<Record<FailCondition['sign'], (value: number, bound: number) => boolean>> = {
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '=': (value, bound) => value === bound,
};
