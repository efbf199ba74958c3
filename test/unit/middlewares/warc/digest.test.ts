import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../../middlewares/warc/digest.ts';

describe('digestOf', () => {
  it('writes SHA-1 as archives do', () => {
    expect(digestOf([], 'sha1')).toBe('sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ');
    expect(digestOf([Buffer.from('a'), Buffer.from('bc')], 'sha1')).toBe(
      'sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5',
    );
  });

  it('writes SHA-256 in base32 without padding', () => {
    expect(digestOf([], 'sha256')).toBe('sha256:4OYMIQUY7QOBJGX36TEJS35ZEQT24QPEMSNZGTFESWMRW6CSXBKQ');
  });
});
