import { describe, expect, it } from 'vitest';
import { expandFeedUri, parseFeedUri } from '../../../src/feed/feed-uri.ts';

describe('parseFeedUri', () => {
  it('takes the format off the end', () => {
    expect(parseFeedUri('out.txt:jsonl')).toEqual({ uri: 'out.txt', format: 'jsonl' });
    expect(parseFeedUri('-:CSV')).toEqual({ uri: '-', format: 'csv' });
    expect(parseFeedUri('s3://bucket/x:json')).toEqual({ uri: 's3://bucket/x', format: 'json' });
  });

  it('leaves drives, schemes and plain names whole', () => {
    for (const uri of [
      'out.json',
      '-',
      'C:\\out.csv',
      'C:out',
      'file:///tmp/a.csv',
      'stdout:',
      'a:b/c.json',
    ]) {
      expect(parseFeedUri(uri)).toEqual({ uri });
    }
  });
});

describe('expandFeedUri', () => {
  it('expands names and padded numbers, and no other percent sign', () => {
    const variables = { name: 'books', batch_id: 7 };
    expect(expandFeedUri('%(name)s/%(batch_id)05d-100%.%(x.csv', variables)).toBe('books/00007-100%.%(x.csv');
  });

  it('refuses names it has no value for', () => {
    expect(() => expandFeedUri('%(nam)s.csv', { name: 'x' })).toThrow(/no %\(nam\)s; known are name/);
    expect(() => expandFeedUri('%(constructor)s.csv', {})).toThrow(/constructor/);
    expect(() => expandFeedUri('%(name)d.csv', { name: 'x' })).toThrow(/whole number/);
  });

  it('never lets a value leave the folder', () => {
    for (const value of [
      '../../x',
      '/etc/passwd',
      '..',
      '.',
      'a\0b',
      'C:\\x',
      '..\\..',
      '',
      'con',
      'ü'.repeat(300),
    ]) {
      const expanded = expandFeedUri('data/%(v)s/out.csv', { v: value });
      const [folder, part, file, ...rest] = expanded.split('/');
      expect([folder, file, rest]).toEqual(['data', 'out.csv', []]);
      expect(part).toMatch(/^(?!\.)[^\\/:\0]{1,255}$/);
    }
  });
});
