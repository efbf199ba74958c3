import { describe, expect, it } from 'vitest';
import { route } from '../../../src/cli/route.ts';

describe('route', () => {
  it('takes the first word for the command', () => {
    expect(route(['list', '--long'])).toEqual({ argv: ['list', '--long'], isShortForm: false });
  });

  it('reads an unknown word as the spider to run', () => {
    expect(route(['books', '-o', 'x.csv'])).toEqual({
      argv: ['run', 'books', '-o', 'x.csv'],
      isShortForm: true,
    });
  });

  it('finds the command behind options and their values', () => {
    expect(route(['-o', 'list', '-s', 'maxPages=1', '--quiet', 'books']).argv).toEqual([
      'run',
      'books',
      '-o',
      'list',
      '-s',
      'maxPages=1',
      '--quiet',
    ]);
  });

  it.each(['--seeds', '--replay', '--incremental', '--set', '--argument'])(
    'takes the word behind %s for its value',
    (option) => {
      expect(route([option, 'list', 'books']).argv).toEqual(['run', 'books', option, 'list']);
    },
  );

  it("translates Scrapy's commands and says so", () => {
    expect(route(['genspider', 'a', 'b.test'])).toEqual({
      argv: ['new', 'spider', 'a', 'b.test'],
      isShortForm: false,
      renamed: { from: 'genspider', to: 'new spider' },
    });
    expect(route(['crawl', 'books']).argv).toEqual(['run', 'books']);
    expect(route(['runspider', 'a.ts']).argv).toEqual(['run', 'a.ts']);
    expect(route(['startproject', 'shop']).argv).toEqual(['init', 'shop']);
  });

  it('leaves a line without a command alone', () => {
    expect(route(['--help'])).toEqual({ argv: ['--help'], isShortForm: false });
  });
});
