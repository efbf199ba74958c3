import type { SiteScope } from '../../api.ts';
import { pageUrl } from '../page-url.ts';
import { UsageError } from '../usage-error.ts';
import { wholeNumber } from '../whole-number.ts';

/** Options that say what of a site is wanted. */
export interface SiteOptions {
  readonly depth?: string;
  readonly limit?: string;
  readonly scope?: string;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
}

/** What of a site is wanted, checked. */
export interface SitePlan {
  readonly url: string;
  readonly scope: SiteScope;
  readonly followDepth: number;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** Most items. */
  readonly limit: number | undefined;
  /** The same as arguments of a spider: a job is of one site and one choice of its pages. */
  readonly args: Readonly<Record<string, string>>;
}

const SCOPES: readonly SiteScope[] = ['host', 'domain', 'path'];

/** Reads what the command line says of a site. @throws UsageError on what is no URL, number or scope. */
export function sitePlan(word: string, options: SiteOptions): SitePlan {
  const url = pageUrl(word).href;
  const { scope = 'host', depth, limit, include = [], exclude = [] } = options;
  const known = SCOPES.find((one) => one === scope);
  if (known === undefined)
    throw new UsageError(`--scope ${scope}: there is no such scope`, `It is one of ${SCOPES.join(', ')}.`);
  const empty = [...include, ...exclude].some((pattern) => pattern.trim() === '');
  if (empty) throw new UsageError('--include and --exclude need a pattern, got an empty text');
  return {
    url,
    scope: known,
    followDepth: depth === undefined ? Number.POSITIVE_INFINITY : wholeNumber('--depth', depth, 0),
    include,
    exclude,
    limit: limit === undefined ? undefined : wholeNumber('--limit', limit, 1),
    args: {
      url,
      scope: known,
      ...(depth !== undefined && { depth }),
      ...(include.length > 0 && { include: include.join(' ') }),
      ...(exclude.length > 0 && { exclude: exclude.join(' ') }),
    },
  };
}
