import { describe, expect, it } from 'vitest';
import { httpError } from '../../../../middlewares/index.ts';
import { HttpError } from '../../../../src/errors/http-error.ts';
import { Response } from '../../../../src/values/response.ts';
import { contextWith, made, unitFor } from '../component-context.ts';

const answer = (status: number): Response => new Response('http://a.test/', { status });

describe('httpError', () => {
  it('throws on a status that is not the callback’s business, and counts it', async () => {
    const context = contextWith();
    const middleware = await made(httpError(), context);
    const unit = unitFor('http://a.test/');
    expect(() => middleware.processInput?.(answer(404), unit)).toThrow(HttpError);
    expect(context.stats.snapshot()).toEqual({
      'httperror/response_ignored_count': 1,
      'httperror/response_ignored_status_count/404': 1,
    });
  });

  it('takes its rules from the settings', async () => {
    const middleware = await made(httpError(), contextWith({ handleStatuses: [404] }));
    expect(middleware.processInput?.(answer(404), unitFor('http://a.test/'))).toBeUndefined();
  });

  it('lets everything through when asked to', async () => {
    const middleware = await made(httpError(), contextWith({ handleAllStatuses: true }));
    expect(middleware.processInput?.(answer(500), unitFor('http://a.test/'))).toBeUndefined();
  });
});
