import { describe, expect, it } from 'vitest';
import { ErrorGroups } from '../../../../src/crawler/watch/error-groups.ts';
import { CallbackError } from '../../../../src/errors/callback-error.ts';
import { DnsError } from '../../../../src/errors/dns-error.ts';
import { DroppedError } from '../../../../src/errors/dropped-error.ts';
import { HttpError } from '../../../../src/errors/http-error.ts';
import { SecretMask } from '../../../../src/logging/secret-mask.ts';
import { silentLogger } from '../../../../src/logging/silent-logger.ts';
import { SignalBus } from '../../../../src/signals/signal-bus.ts';
import { Request } from '../../../../src/values/request.ts';
import { Response } from '../../../../src/values/response.ts';

const SPIDER = '/shop/spiders/books.ts';

function errorGroups() {
  const signals = new SignalBus(silentLogger);
  const firsts: string[] = [];
  const mask = new SecretMask();
  mask.add(['s3cret']);
  const groups = new ErrorGroups(mask, (_group, response) => firsts.push(response.url));
  groups.listen(signals);
  return { signals, groups, firsts };
}

/** What a callback threw on a line of the spider. */
function thrown(line: number, path: string, message = 'no title') {
  const cause = new TypeError(message);
  cause.stack = `TypeError: ${message}\n    at price (/shop/node_modules/x/index.js:1:1)\n    at parse (${SPIDER}:${line}:5)`;
  const url = `http://site.test${path}`;
  const request = new Request(url);
  return {
    error: new CallbackError(url, 'parse', message, { cause }),
    request,
    response: new Response(url, { request }),
  };
}

describe('ErrorGroups', () => {
  it('takes errors from one line of a callback together, with the first page', () => {
    const { signals, groups, firsts } = errorGroups();
    for (const path of ['/1', '/2', '/3']) void signals.emit('spiderError', thrown(12, path, `no ${path}`));
    void signals.emit('spiderError', thrown(20, '/4'));
    expect(groups.get().groups).toEqual([
      {
        kind: 'spider',
        error: 'TypeError',
        callback: 'parse',
        place: `${SPIDER}:12:5`,
        count: 3,
        message: 'no /1',
        url: 'http://site.test/1',
      },
      expect.objectContaining({ place: `${SPIDER}:20:5`, count: 1 }),
    ]);
    expect(firsts).toEqual(['http://site.test/1', 'http://site.test/4']);
  });

  it('shows the fault behind a robots.txt that could not be had', () => {
    const { signals, groups } = errorGroups();
    const request = new Request('http://site.test/');
    const cause = new DnsError('http://site.test/robots.txt', 'ENOTFOUND');
    const error = new DroppedError(request.url, { reason: 'robots unreachable', isTemporary: true, cause });
    void signals.emit('requestFailed', { error, request, retries: 0 });
    expect(groups.get().groups).toEqual([
      expect.objectContaining({ error: 'DnsError', message: cause.message, url: request.url }),
    ]);
  });

  it('takes unwanted answers together by status and callback', () => {
    const { signals, groups } = errorGroups();
    for (const status of [404, 500, 404]) {
      const request = new Request('http://site.test/', { callback: 'book' });
      const response = new Response(request.url, { status, request });
      const error = new HttpError(request.url, status);
      void signals.emit('requestFailed', { error, request, response, retries: 0 });
    }
    expect(groups.get().groups).toMatchObject([
      { kind: 'request', error: 'HttpError', status: 404, callback: 'book', count: 2 },
      { status: 500, count: 1 },
    ]);
  });

  it('counts what start() throws, and no request that a rule dropped', () => {
    const { signals, groups } = errorGroups();
    const request = new Request('http://site.test/');
    void signals.emit('spiderError', { error: new Error('no seeds') });
    void signals.emit('requestFailed', {
      request,
      retries: 0,
      error: new DroppedError(request.url, { reason: 'offsite' }),
    });
    expect(groups.get().groups).toMatchObject([{ callback: 'start', message: 'no seeds' }]);
  });

  it('shows no secrets', () => {
    const { signals, groups } = errorGroups();
    void signals.emit('spiderError', thrown(1, '/?token=abc', 'token=abc is not s3cret'));
    expect(JSON.stringify(groups.get())).not.toMatch(/abc|s3cret/);
  });

  it('keeps a hundred groups and counts the rest', () => {
    const { signals, groups } = errorGroups();
    for (let line = 1; line <= 150; line++)
      void signals.emit('spiderError', thrown(line, '/', 'x'.repeat(1000)));
    const { groups: kept, others } = groups.get();
    expect([kept.length, others, kept[0]?.message.length]).toEqual([100, 50, 300]);
  });
});
