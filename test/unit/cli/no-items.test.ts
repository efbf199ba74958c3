import { describe, expect, it } from 'vitest';
import { noItemsReason } from '../../../src/cli/no-items.ts';

const barren = (stats: Record<string, number>, pages = 0) =>
  noItemsReason({ stats, pages, reference: 'books', url: 'https://a.test/x', crawl: 'crawl' });

describe('noItemsReason', () => {
  it('says that selectors matched nothing when callbacks ran without a fault', () => {
    const { reason, hint } = barren({ 'page/count': 12 }, 12);
    expect(reason).toContain('gave no item on 12 pages: the selectors matched nothing');
    expect(hint).toBe('crawl shell https://a.test/x   or   crawl parse https://a.test/x --spider books');
  });

  it('says that everything was dropped', () => {
    expect(barren({ 'item/dropped': 3, 'item/dropped/missing price': 3 }, 3)).toEqual({
      reason: 'all 3 items were dropped',
      hint: 'crawl parse https://a.test/x --spider books --pipelines',
    });
  });

  it('names spider middlewares that dropped everything', () => {
    expect(barren({ 'spider/dropped/too old': 3 }, 3).reason).toBe(
      'spider middlewares dropped what the callbacks gave: too old (3)',
    );
  });

  it('points to failing callbacks', () => {
    expect(barren({ 'spider/errors': 2 }, 2).reason).toContain('the callback failed on 2 of 2 pages');
  });

  it('says that robots.txt forbids, and how to read it', () => {
    expect(barren({ 'request/dropped/robots.txt': 1 })).toEqual({
      reason: 'robots.txt forbids it (1 request)',
      hint: 'crawl fetch https://a.test/robots.txt',
    });
  });

  it('tells a robots.txt that cannot be had from one that forbids', () => {
    expect(barren({ 'request/dropped/robots unreachable': 3 }).reason).toBe(
      'robots.txt cannot be had, so nothing may be asked (3 requests)',
    );
  });

  it('blames no robots.txt where the host is not there', () => {
    expect(barren({ 'request/dropped/robots unreachable': 1, 'robotstxt/exception/DnsError': 1 })).toEqual({
      reason: 'the host name is unknown (1 request)',
      hint: 'crawl fetch --headers https://a.test/x',
    });
  });

  it('names seeds without a URL', () => {
    const facts = { pages: 0, reference: 'books', url: undefined, crawl: 'crawl', seeds: 'urls.txt' };
    expect(noItemsReason({ ...facts, stats: {} }).reason).toContain('no URL in the seeds (urls.txt)');
    expect(noItemsReason({ ...facts, stats: { 'seeds/invalid': 2 } }).reason).toContain('no valid line');
  });

  it('names offsite requests, statuses and failures, the most frequent first', () => {
    const { reason } = barren({
      'scheduler/dropped/offsite': 1,
      'downloader/status/403': 7,
      'downloader/status/200': 9,
      'request/failed/HttpError': 7,
      'request/failed/ConnectionRefusedError': 2,
    });
    expect(reason).toBe(
      'the site answered 403 (7 times); nothing listens there: the connection was refused (2 requests); ' +
        'outside of allowedDomains (1 request)',
    );
  });

  it('does not count the answers for robots.txt', () => {
    const stats = { 'downloader/status/404': 2, 'robotstxt/status/404': 1 };
    expect(barren(stats).reason).toBe('the site answered 404 (1 time)');
    expect(barren({ ...stats, 'downloader/status/404': 1, 'request/failed/DnsError': 1 }).reason).toBe(
      'the host name is unknown (1 request)',
    );
  });

  it('notices a spider that starts nowhere', () => {
    expect(barren({}).reason).toContain('start() gave no requests');
  });
});
