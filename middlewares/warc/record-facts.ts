import type { HeaderMap } from '../../src/api.ts';

/** Whether a record's content is said to end early. */
export function isTruncated(headers: HeaderMap): boolean {
  return (headers.get('warc-truncated') ?? '') !== '';
}

/** The address a record is of; older archives put it in angle brackets. */
export function targetUrl(headers: HeaderMap): string {
  return (headers.get('warc-target-uri') ?? '').replace(/^<(.*)>$/, '$1');
}
