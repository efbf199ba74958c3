import { describe, expect, it } from 'vitest';
import { OffsiteGuard } from '../../../middlewares/offsite-guard.ts';
import { Request } from '../../../src/values/request.ts';
import { contextWith } from './component-context.ts';

const REDIRECTED = [{ url: 'http://a.test/', reason: 302 }];

describe('OffsiteGuard', () => {
  it('follows the list of domains while it changes', () => {
    const spider = { allowedDomains: ['a.test'] as string[] };
    const guard = new OffsiteGuard(contextWith({}, { spider }));
    const context = contextWith({}, { spider });
    const live = new OffsiteGuard({ ...context, spider: Object.assign(context.spider, spider) });
    expect(guard.check(new Request('http://b.test/'))).toMatchObject({ reason: 'offsite' });
    expect(live.check(new Request('http://b.test/'))).toMatchObject({ reason: 'offsite' });
    spider.allowedDomains.push('b.test');
    expect(live.check(new Request('http://b.test/'))).toBeUndefined();
  });

  it('lets dontFilter open the address it was set for, not what that redirects to', () => {
    const guard = new OffsiteGuard(contextWith({}, { spider: { allowedDomains: ['a.test'] } }));
    const options = { dontFilter: true };
    expect(guard.check(new Request('http://b.test/', options))).toBeUndefined();
    const target = new Request('http://b.test/', { ...options, meta: { redirects: REDIRECTED } });
    expect(guard.check(target)).toMatchObject({ reason: 'offsite' });
  });

  it('lets meta.allowOffsite pass', () => {
    const guard = new OffsiteGuard(contextWith({}, { spider: { allowedDomains: ['a.test'] } }));
    expect(guard.check(new Request('http://b.test/', { meta: { allowOffsite: true } }))).toBeUndefined();
  });

  it('counts every request and says each host once', () => {
    const context = contextWith({}, { spider: { allowedDomains: ['a.test'] } });
    const guard = new OffsiteGuard(context);
    for (const path of ['1', '2', '3']) guard.check(new Request(`http://b.test/${path}`));
    expect(context.stats.snapshot()).toMatchObject({ 'offsite/filtered': 3, 'offsite/domains': 1 });
    expect(context.logger.messages('debug')).toHaveLength(1);
  });

  it('refuses a URL among the domains', () => {
    const context = contextWith({}, { spider: { allowedDomains: ['http://a.test/'] } });
    expect(() => new OffsiteGuard(context)).toThrow('allowedDomains takes host names');
  });
});
