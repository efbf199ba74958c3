import { robotsSitemaps } from '../../src/index.ts';
import { cases } from './load.ts';

cases<{ readonly robots: string; readonly url: string }>('sitemap-robots', ({ robots, url }) =>
  robotsSitemaps(robots, url),
);
