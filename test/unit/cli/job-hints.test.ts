import { describe, expect, it } from 'vitest';
import { jobHints } from '../../../src/cli/job-hints.ts';

const job = { folder: '/work/jobs/books', state: 'open', wasFinished: false, dead: 0 } as const;
const facts = { reason: 'shutdown', argv: ['books', '--job', 'jobs/books'], cwd: '/work', crawl: 'crawl' };

describe('the hints of a job', () => {
  it('say how an open job is resumed', () => {
    expect(jobHints({ ...facts, job })).toEqual(['Resume with: crawl books --job jobs/books']);
  });

  it('say that what ended a job comes first', () => {
    expect(jobHints({ ...facts, reason: 'output_error', isFaulty: true, job })).toEqual([
      'Put right what ended it; after that, resume with: crawl books --job jobs/books',
    ]);
  });

  it('quote words for the shell and hide secrets', () => {
    const argv = ['books', '-a', 'token=hush-hush', '-a', "name=it's"];
    expect(jobHints({ ...facts, argv, job })).toEqual([
      `Resume with: crawl books -a token=*** -a 'name=it'\\''s'`,
    ]);
  });

  it('say that a limit must be raised', () => {
    expect(jobHints({ ...facts, reason: 'maxPages', job })[0]).toMatch(/^Resume with a higher maxPages: /);
  });

  it('raise the limit of the command, and leave --job-change out', () => {
    const argv = ['books', '-s', 'maxPages=30', '-s', 'maxItems=5', '--job-change', '--job', 'jobs/books'];
    expect(jobHints({ ...facts, argv, reason: 'maxPages', job })).toEqual([
      'Resume with a higher maxPages: crawl books -s maxPages=60 -s maxItems=5 --job jobs/books',
    ]);
    const [hint] = jobHints({ ...facts, argv: ['books', '--set=maxItems=1_000'], reason: 'maxItems', job });
    expect(hint).toContain('crawl books --set=maxItems=2000');
  });

  it('raise the --limit of crawl site', () => {
    for (const [given, raised] of [
      ['--limit 3', '--limit 6'],
      ['--limit=3', '--limit=6'],
    ] as const) {
      const argv = ['site', 'http://a.test/3', ...given.split(' '), '--depth', '3', '--job', 'D'];
      expect(jobHints({ ...facts, argv, reason: 'maxItems', job })).toEqual([
        `Resume with a higher maxItems: crawl site http://a.test/3 ${raised} --depth 3 --job D`,
      ]);
    }
  });

  it('name what was given up, and how to try it again', () => {
    expect(jobHints({ ...facts, job: { ...job, state: 'finished', dead: 1 } })).toEqual([
      '1 request was given up: crawl job requests jobs/books --state dead; to try again: crawl job retry-failed jobs/books',
    ]);
  });

  it('say that a job was finished before', () => {
    expect(jobHints({ ...facts, job: { ...job, state: 'finished', wasFinished: true } })[0]).toMatch(
      /^The job was finished before: nothing was crawled\./,
    );
  });
});
