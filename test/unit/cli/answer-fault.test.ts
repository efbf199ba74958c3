import { describe, expect, it } from 'vitest';
import { answerFault, describeFault, exitCodeOfNoCrawl } from '../../../src/cli/answer-fault.ts';
import { ClosedPipeError } from '../../../src/cli/terminal.ts';
import { UsageError } from '../../../src/cli/usage-error.ts';
import { ArchiveError } from '../../../src/errors/archive-error.ts';
import { ComponentError } from '../../../src/errors/component-error.ts';
import { ConnectionRefusedError } from '../../../src/errors/connection-refused-error.ts';
import { DroppedError } from '../../../src/errors/dropped-error.ts';
import { HttpError } from '../../../src/errors/http-error.ts';
import { JobError } from '../../../src/errors/job-error.ts';
import { OutputError } from '../../../src/errors/output-error.ts';
import { SettingsError } from '../../../src/errors/settings-error.ts';
import { StoreError } from '../../../src/errors/store-error.ts';
import { fakeTerminal } from '../../support/fake-terminal.ts';

const answer = (fault: unknown) => {
  const terminal = fakeTerminal('/work/shop');
  return { code: answerFault(fault, terminal), err: terminal.err };
};

describe('answerFault', () => {
  it('says a wrong command line in a sentence and a hint, with code 2', () => {
    expect(answer(new UsageError('there is no spider', 'Make one.'))).toEqual({
      code: 2,
      err: 'crawl: there is no spider\n  Make one.\n',
    });
  });

  it.each([
    ['settings', new SettingsError('maxPages must be a number'), 2],
    ['an output', new OutputError('a.csv', 'the disk is full'), 1],
  ])('tells by the code whether anything was done: %s', (_what, fault, code) => {
    expect(answer(fault)).toEqual({ code, err: `crawl: ${fault.message}\n` });
  });

  it('shortens paths below the working folder', () => {
    expect(answer(new UsageError('/work/shop/spiders/a.ts: bad')).err).toBe('crawl: spiders/a.ts: bad\n');
  });

  it('leaves what the user typed as it is', () => {
    expect(answer(new UsageError('"/work/shop/a.json" is not a URL')).err).toBe(
      'crawl: "/work/shop/a.json" is not a URL\n',
    );
  });

  it('puts what the system refused into words', () => {
    const refused = Object.assign(new Error('EACCES: …'), {
      code: 'EACCES',
      syscall: 'open',
      path: '/x.csv',
    });
    expect(answer(refused)).toEqual({ code: 1, err: 'crawl: /x.csv: permission denied\n' });
  });

  it('shows the stack of what nobody expected, to be reported', () => {
    const { code, err } = answer(new TypeError('x is not a function'));
    expect(code).toBe(1);
    expect(err).toMatch(/unexpected error\n {2}Please report.*\n *TypeError: x is not a function\n\s+at /);
  });

  it('is silent where the reader has gone', () => {
    expect(answer(new ClosedPipeError('gone'))).toEqual({ code: 0, err: '' });
  });

  it('lets no text move the cursor or change colours', () => {
    expect(answer(new UsageError('a\u001b[2Jb\rc')).err).toBe('crawl: a\\x1b[2Jb\\rc\n');
  });
});

describe('exitCodeOfNoCrawl', () => {
  it.each([
    ['an output', new OutputError('a.csv', 'permission denied'), 2],
    ['an archive', new ArchiveError('a.warc', 'it is no archive'), 2],
    ['a component', new ComponentError('prices', 'cannot be made'), 2],
    ['the folder of a job', new JobError('jobs/a', 'written', 'the folder cannot be made'), 2],
    ['a job that runs elsewhere', new JobError('jobs/a', 'running', 'it runs'), 1],
    ['a job that is damaged', new JobError('jobs/a', 'damaged', 'a record is missing'), 2],
    ['a store that another process has', new StoreError('seen', 'locked', 'another crawl has it'), 1],
    ['a store that cannot be written', new StoreError('seen', 'failed', 'permission denied'), 2],
    ['what the system refused', Object.assign(new Error('EACCES'), { syscall: 'open' }), 2],
    ['a setting', new SettingsError('x'), 2],
    ['what nobody expected', new TypeError('x'), 1],
  ])('of %s', (_what, fault, code) => {
    expect(exitCodeOfNoCrawl(fault)).toBe(code);
  });
});

describe('describeFault', () => {
  it('names the setting where robots.txt stands in the way, and no other rule', () => {
    expect(describeFault(new DroppedError('http://a.test/', { reason: 'robots' })).hint).toContain(
      'obeyRobotsTxt=false',
    );
    expect(describeFault(new DroppedError('http://a.test/', { reason: 'offsite' })).hint).toBeUndefined();
  });

  const unreachable = (cause: unknown) =>
    describeFault(new DroppedError('http://a.test/', { reason: 'robots unreachable', cause }));

  it('names what robots.txt could not be had for, and the setting only where the site answered', () => {
    const refused = unreachable(new ConnectionRefusedError('http://a.test/robots.txt', 'ECONNREFUSED'));
    expect(refused.problem).toBe('http://a.test/robots.txt: cannot connect (ECONNREFUSED)');
    expect(refused.hint).toBeUndefined();
    const answered = unreachable(new HttpError('http://a.test/robots.txt', 503));
    expect(answered.problem).toBe('http://a.test/robots.txt answered 503');
    expect(answered.hint).toContain('obeyRobotsTxt=false');
  });

  it('shows the place of a middleware that throws on robots.txt', () => {
    const fault = new TypeError('x is undefined');
    fault.stack = `TypeError: x is undefined\n    at Object.processRequest (/shop/middlewares/mine.ts:3:7)`;
    expect(unreachable(fault).problem).toBe('/shop/middlewares/mine.ts:3:7: TypeError: x is undefined');
  });
});
