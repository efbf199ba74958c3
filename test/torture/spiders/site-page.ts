import type { PartialSettings, Response } from 'orbweaver';

/** Settings of all these spiders; everything else is as it comes. */
export const SETTINGS: PartialSettings = { obeyRobotsTxt: false, concurrentRequests: 16 };

/** The argument that all of them take: origin of the site. */
export const ARGS = { base: { default: 'http://127.0.0.1:8700' } } as const;

/** The number of a page. */
export function idOf(response: Response): number {
  return Number(/\d+$/.exec(response.url)?.[0]);
}
