import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { jsonLine } from '../../../src/logging/json-line.ts';
import { LineLogger, type LineLoggerOptions } from '../../../src/logging/line-logger.ts';
import { SecretMask } from '../../../src/logging/secret-mask.ts';
import { DEFAULT_SETTINGS } from '../../../src/settings/default-settings.ts';
import type { Settings } from '../../../src/settings/settings.ts';

const written = (options: Partial<LineLoggerOptions>, log: (logger: LineLogger) => void): string => {
  const lines: string[] = [];
  const sink = { isScreen: false, write: (line: string) => void lines.push(line) };
  log(new LineLogger({ sink, clock: { now: () => 0 }, ...options }));
  return lines.join('');
};

describe('LineLogger', () => {
  it('writes time, level, name and message on one line', () => {
    const line = written({}, (logger) => logger.child('engine').info('started', { pages: 3 }));
    expect(line).toMatch(/^1970-01-01T00:00:00\.000Z INFO .*engine.*started.*pages.*3.*\n$/);
  });

  it('writes JSON that can be read back', () => {
    const line = written({ format: jsonLine }, (logger) => logger.warn('slow', { url: 'http://a.test/' }));
    expect(JSON.parse(line)).toMatchObject({ level: 'warn', message: 'slow', url: 'http://a.test/' });
  });

  it('leaves out what is below its level', () => {
    expect(written({ level: 'warn' }, (logger) => logger.info('no'))).toBe('');
  });

  it.each([
    ['userinfo of URLs', 'http://me:hunter2@a.test/'],
    ['headers', 'Authorization: Basic hunter2'],
    ['cookies', 'Set-Cookie: sid=hunter2; Path=/'],
    ['parameters that are named like secrets', 'http://a.test/?api_key=hunter2'],
  ])('masks %s', (_what, message) => {
    expect(written({}, (logger) => logger.info(message))).not.toContain('hunter2');
  });

  it('masks values that it was told, in children too', () => {
    const mask = new SecretMask();
    const line = written({ mask }, (logger) => {
      const child = logger.child('spider');
      mask.add(['hunter2000']);
      child.info('key hunter2000 used', { key: 'hunter2000' });
    });
    expect(line).not.toContain('hunter2000');
  });

  it.each(['\u001b[31mred', 'two\nlines', '\u202eright to left', '\u009b31m'])('shows %j escaped', (text) => {
    for (const format of [undefined, jsonLine]) {
      const line = written(format === undefined ? {} : { format }, (logger) => logger.info(text));
      expect(line.trimEnd()).not.toContain(text);
      expect(line.split('\n')).toHaveLength(2);
    }
  });

  it('takes fields that cannot be written: cycles, functions, throwing getters', () => {
    const cycle: Record<string, unknown> = {
      get bad() {
        throw new Error('no');
      },
    };
    cycle.self = cycle;
    expect(written({ format: jsonLine }, (logger) => logger.info('x', { cycle, run: () => {} }))).toContain(
      '"x"',
    );
  });
});

describe('LineLogger.fromSettings', () => {
  const folder = mkdtempSync(join(tmpdir(), 'orbweaver-log-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const shownBy = (isScreen: boolean, settings: Partial<Settings>): string => {
    const lines: string[] = [];
    const screen = { isScreen, write: (line: string) => void lines.push(line) };
    const logger = LineLogger.fromSettings(
      { ...DEFAULT_SETTINGS, ...settings },
      { now: () => 0 },
      { screen },
    );
    logger.info('started', { key: 'hunter2000' });
    logger.close();
    return lines.join('');
  };

  it.each<[boolean, Settings['logFormat'], boolean]>([
    [true, 'auto', false],
    [false, 'auto', true],
    [true, 'json', true],
    [false, 'text', false],
  ])('on a screen (%s) with logFormat %s writes JSON: %s', (isScreen, logFormat, isJson) => {
    expect(shownBy(isScreen, { logFormat }).startsWith('{')).toBe(isJson);
  });

  it('writes to the log file instead of the screen, as text', () => {
    const logFile = join(folder, 'crawl.log');
    expect(shownBy(false, { logFile })).toBe('');
    expect(readFileSync(logFile, 'utf8')).toMatch(/INFO {2}started/);
  });

  it('makes no file when it is silent', () => {
    const logFile = join(folder, 'silent.log');
    expect(shownBy(true, { logFile, logLevel: 'silent' })).toBe('');
    expect(existsSync(logFile)).toBe(false);
  });

  it('hides the password of the settings', () => {
    const httpAuth = { user: 'me', password: 'hunter2000', origin: 'https://a.test' };
    expect(shownBy(true, { httpAuth })).not.toContain('hunter2000');
  });
});
