import { describe, expect, it } from 'vitest';
import { userAgent } from '../../../../middlewares/index.ts';
import { contextWith, made, unitFor } from '../component-context.ts';

describe('userAgent', () => {
  it('says who crawls, unless the request does', async () => {
    const middleware = await made(userAgent(), contextWith({ userAgent: 'Me/1' }));
    const [plain, own] = [
      unitFor('http://a.test/'),
      unitFor('http://a.test/', { headers: { 'User-Agent': 'Own' } }),
    ];
    for (const unit of [plain, own]) await middleware.processRequest?.(unit.request, unit);
    expect([plain, own].map(({ headers }) => headers.get('user-agent'))).toEqual(['Me/1', 'Own']);
  });

  it('stays out when the name is empty', () => {
    expect(userAgent({ value: '' })(contextWith())).toBeUndefined();
  });
});
