import { describe, expect, it } from 'vitest';
import { defaultHeaders } from '../../../../middlewares/index.ts';
import { contextWith, made, unitFor } from '../component-context.ts';

describe('defaultHeaders', () => {
  it('stays out when there are none', () => {
    expect(defaultHeaders({ headers: {} })(contextWith())).toBeUndefined();
  });

  it('adds what the request neither sets nor forbids', async () => {
    const middleware = await made(
      defaultHeaders({ headers: { Accept: 'x', A: '1', B: '2' } }),
      contextWith(),
    );
    const unit = unitFor('http://a.test/', { headers: { accept: 'own', B: null } });
    await middleware.processRequest?.(unit.request, unit);
    expect(unit.headers.toJSON()).toEqual({ accept: 'own', b: null, a: '1' });
  });

  it('leaves the request itself as it is', async () => {
    const middleware = await made(defaultHeaders(), contextWith());
    const unit = unitFor('http://a.test/');
    await middleware.processRequest?.(unit.request, unit);
    expect(unit.request.headers.size).toBe(0);
  });
});
