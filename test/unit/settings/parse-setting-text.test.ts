import { describe, expect, it } from 'vitest';
import { parseSettingText } from '../../../src/settings/parse-setting-text.ts';

describe('parseSettingText', () => {
  it.each([
    ['maxPages', '50', 50],
    ['maxPages', '1_000', 1000],
    ['obeyRobotsTxt', 'no', false],
    ['obeyRobotsTxt', 'TRUE', true],
    ['downloadDelayMs', 'auto', 'auto'],
    ['downloadDelayMs', '250', 250],
    ['retryStatuses', '500, 503', [500, 503]],
    ['retryStatuses', '[500]', [500]],
    ['handleStatuses', '', []],
    ['defaultHeaders', '{"Accept":"*/*"}', { Accept: '*/*' }],
    ['userAgent', '007', '007'],
    ['logFile', 'a=b.log', 'a=b.log'],
    ['proxy', '', undefined],
  ])('reads %s=%s', (name, text, value) => {
    expect(parseSettingText(name, text, '-s')).toEqual({ [name]: value });
  });

  it.each([
    ['maxPages', 'many', '-s: maxPages must be a whole number from 0, got "many"'],
    ['maxPages', '', 'maxPages must be a whole number'],
    ['maxPages', '_', 'maxPages must be a whole number'],
    ['maxPages', '2.5', 'maxPages must be a whole number'],
    ['downloadDelayMs', 'Infinity', 'or a number from 0, got Infinity'],
    ['obeyRobotsTxt', 'perhaps', 'obeyRobotsTxt must be true or false'],
    ['defaultHeaders', '{"a":', 'defaultHeaders is not valid JSON'],
    ['pipelines', 'dedupe', "set it in the project's configuration"],
    ['nothing', '1', 'there is no setting nothing'],
  ])('refuses %s=%s', (name, text, message) => {
    expect(() => parseSettingText(name, text, '-s')).toThrow(message);
  });

  it('quotes no broken JSON, which may hold a secret', () => {
    expect(() => parseSettingText('httpAuth', '{"password":hunter2}', '-s')).toThrow(
      /^(?!.*hunter2).*httpAuth is not valid JSON/,
    );
  });
});
