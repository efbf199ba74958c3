import { describe, expect, it } from 'vitest';
import { PayloadMemory } from '../../../../middlewares/warc/payload-memory.ts';

const stored = (recordId: string) => ({ recordId, url: 'http://site.test/', date: '' });

describe('PayloadMemory', () => {
  it('keeps the first place of a payload', () => {
    const memory = new PayloadMemory();
    memory.remember('a', stored('1'));
    memory.remember('a', stored('2'));
    expect(memory.find('a')?.recordId).toBe('1');
  });

  it('forgets what was not met for longest', () => {
    const memory = new PayloadMemory(2);
    memory.remember('a', stored('1'));
    memory.remember('b', stored('2'));
    memory.find('a');
    memory.remember('c', stored('3'));
    expect(['a', 'b', 'c'].map((digest) => memory.find(digest)?.recordId)).toEqual(['1', undefined, '3']);
  });
});
