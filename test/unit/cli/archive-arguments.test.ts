import { describe, expect, it } from 'vitest';
import { archiveArguments } from '../../../src/cli/archive-arguments.ts';

describe('archiveArguments', () => {
  it('takes archives out of the outputs', () => {
    expect(archiveArguments({ append: ['a.csv', 'b.warc.gz'], overwrite: ['c.json'] })).toEqual({
      archive: { warcFile: 'b.warc.gz', warcIfExists: 'append' },
      outputs: { append: ['a.csv'], overwrite: ['c.json'] },
    });
  });

  it('overwrites for -O', () => {
    const { archive } = archiveArguments({ append: [], overwrite: ['B.WARC'] });
    expect(archive).toEqual({ warcFile: 'B.WARC', warcIfExists: 'overwrite' });
  });

  it('refuses two archives', () => {
    expect(() => archiveArguments({ append: ['a.warc'], overwrite: ['b.warc'] })).toThrow(
      'are both archives',
    );
  });
});
