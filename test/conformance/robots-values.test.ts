import { parseRobots } from '../../middlewares/index.ts';
import { robotsSitemaps } from '../../src/index.ts';
import { cases } from './load.ts';

cases<{ readonly robots: string; readonly agent: string }>('robots-values', ({ robots, agent }) => {
  const origin = 'http://site.test';
  const { crawlDelay = null, requestRate = null } = parseRobots(robots, agent, origin);
  return { crawlDelay, requestRate, sitemaps: robotsSitemaps(robots, `${origin}/robots.txt`) };
});
