import { describe, expect, it } from 'vitest';
import { responseKind } from '../../../src/markup/response-kind.ts';

const kindOf = (headers: Record<string, string>, url = 'http://site.test/', body = ''): string =>
  responseKind({ url, headers: new Headers(headers), body: Buffer.from(body, 'latin1') });

describe('responseKind', () => {
  it('believes the content type first', () => {
    expect(kindOf({ 'content-type': 'TEXT/HTML; charset=x' }, 'http://site.test/a.json')).toBe('html');
    expect(kindOf({ 'content-type': 'application/rss+xml' })).toBe('xml');
  });

  it('then the file name of the disposition', () => {
    const headers = {
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment; filename="a.JSON"',
    };
    expect(kindOf(headers, 'http://site.test/a.xml')).toBe('json');
  });

  it('then the extension of the address, without its query', () => {
    expect(kindOf({}, 'http://site.test/a.xml?x=b.json')).toBe('xml');
  });

  it('then the first bytes', () => {
    expect(kindOf({}, undefined, '<!DOCTYPE html><p>')).toBe('html');
    expect(kindOf({}, undefined, '<?xml version="1.0"?>')).toBe('xml');
    expect(kindOf({}, undefined, 'words')).toBe('text');
    expect(kindOf({}, undefined, '\x01\x02')).toBe('binary');
  });

  it('does not believe the content type of a body that is still packed', () => {
    expect(
      kindOf({ 'content-type': 'text/html', 'content-encoding': 'gzip' }, undefined, '\x1f\x8b\x08'),
    ).toBe('binary');
  });
});
