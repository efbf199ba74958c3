import { describe, expect, it } from 'vitest';
import { DataHandler } from '../../../src/downloader/data-handler.ts';
import { BodyTooLargeError } from '../../../src/errors/body-too-large-error.ts';
import { InvalidRequestError } from '../../../src/errors/invalid-request-error.ts';
import { Request } from '../../../src/values/request.ts';
import { unitFor } from '../../support/downloading.ts';

const fetch = (url: string, maxBodyBytes = 1_000) => {
  const request = new Request(url);
  return new DataHandler().download(request, unitFor(request, { maxBodyBytes }));
};

describe('DataHandler', () => {
  it.each([
    ['data:,A%20brief%20note', 'text/plain;charset=US-ASCII', 'A brief note'],
    ['data:text/html,<p>%zz%2', 'text/html', '<p>%zz%2'],
    ['data:text/plain;charset=utf-8,caf%C3%A9', 'text/plain;charset=utf-8', 'café'],
    ['data:;charset=utf-8,x', 'text/plain;charset=utf-8', 'x'],
    ['data:text/html;base64,PHA+aGk8L3A+', 'text/html', '<p>hi</p>'],
    ['data:text/html; BASE64 ,PHA%2BaGk8L3A%2B', 'text/html', '<p>hi</p>'],
    ['data:;base64,aGk', 'text/plain;charset=US-ASCII', 'hi'],
    ['data:,a#fragment', 'text/plain;charset=US-ASCII', 'a'],
  ])('reads %s', async (url, type, body) => {
    const response = await fetch(url);
    expect(response.headers.get('content-type')).toBe(type);
    expect(Buffer.from(response.body).toString()).toBe(body);
  });

  it.each(['data:no-comma', 'data:;base64,a', 'data:;base64,a*b='])('refuses %s', async (url) => {
    await expect(fetch(url)).rejects.toThrow(InvalidRequestError);
  });

  it('holds the body limit', async () => {
    await expect(fetch('data:,12345', 4)).rejects.toThrow(BodyTooLargeError);
  });
});
