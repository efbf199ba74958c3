import { describe, expect, it } from 'vitest';
import { urlLength } from '../../../../middlewares/index.ts';
import { Request } from '../../../../src/values/request.ts';
import { contextWith, made } from '../component-context.ts';

describe('urlLength', () => {
  it('takes its limit from the settings', async () => {
    const middleware = await made(urlLength(), contextWith({ maxUrlLength: 20 }));
    const long = new Request(`http://a.test/${'x'.repeat(20)}`);
    expect(await middleware.processEnqueue?.(long, undefined, 'callback')).toMatchObject({
      reason: 'url-length',
    });
  });

  it('stays out where there is no limit', () => {
    expect(urlLength({ max: 0 })(contextWith())).toBeUndefined();
  });
});
