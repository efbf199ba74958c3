import { parseRobots } from '../../middlewares/index.ts';
import { cases } from './load.ts';

interface Question {
  readonly robots?: string;
  readonly robotsBase64?: string;
  readonly agent: string;
  readonly url: string;
}

cases<Question>('robots', ({ robots = '', robotsBase64, agent, url }) => {
  const body = robotsBase64 === undefined ? robots : Buffer.from(robotsBase64, 'base64');
  return parseRobots(body, agent, new URL(url).origin).isAllowed(url);
});
