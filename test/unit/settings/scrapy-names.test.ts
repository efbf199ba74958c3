import { describe, expect, it } from 'vitest';
import { checkSetting } from '../../../src/settings/check-setting.ts';
import { DEFAULT_SETTINGS } from '../../../src/settings/default-settings.ts';
import { fromScrapyName, scrapyNames } from '../../../src/settings/scrapy-names.ts';

const refused = (name: string): string => {
  try {
    checkSetting(name, 1, 'project');
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error(`${name} was taken`);
};

describe("Scrapy's names of settings", () => {
  it.each([
    [
      'CONCURRENT_REQUESTS',
      'project: there is no setting CONCURRENT_REQUESTS: it is concurrentRequests here',
    ],
    ['DOWNLOAD_DELAY', 'it is downloadDelayMs here (milliseconds here, seconds in Scrapy)'],
    ['JOBDIR', 'it is jobDir here'],
    ['ROBOTSTXT_OBEY', 'it is obeyRobotsTxt here (on by default)'],
    [
      'FEED_EXPORT_FIELDS',
      'it is feeds here (an option of each output: { "items.csv": { fields: ["title"] } })',
    ],
  ])('are translated: %s', (name, message) => {
    expect(refused(name)).toContain(message);
  });

  it('say what to do where nothing corresponds to them', () => {
    expect(refused('BOT_NAME')).toBe(
      'project: there is no setting BOT_NAME, leave it out: name the crawler in userAgent',
    );
  });

  it('are nothing more than wrong names where they are unknown', () => {
    expect(refused('NO_SUCH_THING')).toBe(
      'project: there is no setting NO_SUCH_THING (`crawl settings` lists them all)',
    );
  });

  it('all have an answer: a setting that there is, or what to do instead', () => {
    expect(scrapyNames().length).toBeGreaterThan(190);
    expect(new Set(scrapyNames()).size).toBe(scrapyNames().length);
    const answers = scrapyNames().map((name) => ({ name, answer: fromScrapyName(name) }));
    const wrong = answers.filter(({ answer }) =>
      answer?.name === undefined ? !answer?.note : !(answer.name in DEFAULT_SETTINGS),
    );
    expect(wrong).toEqual([]);
  });
});
