import { parseRobots } from '../../middlewares/index.ts';
import { cases } from './load.ts';

cases<{ readonly robots: string; readonly agent: string }>('robots-values', ({ robots, agent }) => {
  const { crawlDelay = null, requestRate = null, sitemaps } = parseRobots(robots, agent, 'http://site.test');
  return { crawlDelay, requestRate, sitemaps };
});
