import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type PartialSettings,
  Request,
  type RequestOptions,
  type Response,
  Spider,
} from '../../../src/index.ts';
import { runSpider } from '../../parity/run-spider.ts';
import { type Answer, type Arrived, site } from '../../parity/site.ts';
import { temporaryFolder } from '../../parity/temporary-folder.ts';

/** Crawls requests one after the other; what their pages said. */
async function textsOf(
  settings: PartialSettings,
  ...given: readonly (readonly [url: string, options?: RequestOptions])[]
): Promise<readonly string[]> {
  const texts: string[] = [];
  class Reader extends Spider {
    override *start() {
      for (const [url, options] of given) yield new Request(url, { ...options, dontFilter: true });
    }
    override parse({ text }: Response) {
      texts.push(text);
    }
  }
  await runSpider(Reader, {
    settings: { obeyRobotsTxt: false, order: 'fifo', concurrentRequests: 1, ...settings },
  });
  return texts;
}

/** Who asks, by whatever a request can say it with. */
const whoAsks = ({ headers }: Arrived): string => `${headers.cookie ?? ''}${headers.authorization ?? ''}`;
const forAnHour = (answer: Answer): Answer => ({
  ...answer,
  headers: { 'Cache-Control': 'max-age=3600', ...answer.headers },
});
const cached = (httpCache: 'replay' | 'rfc9111'): PartialSettings => ({
  httpCache,
  httpCacheDir: join(temporaryFolder(), 'cache'),
});

describe.each(['rfc9111', 'replay'] as const)("an answer stored by the rules of '%s'", (rules) => {
  it("shows nobody's credentials to another origin", async () => {
    const [mine, other] = [await site({ '/': whoAsks }), await site({ '/': 'other' })];
    const login = { headers: { Authorization: 'Bearer s3cret' } };
    const settings = cached(rules);
    expect(await textsOf(settings, [mine.url('/'), login])).toEqual(['Bearer s3cret']);
    expect(await textsOf(settings, [other.url('/')])).toEqual(['other']);
    expect(other.arrived.map(whoAsks)).toEqual(['']);
  });

  it.each(['cookieJar', 'session'])('shows the page of one meta.%s to no other', async (key) => {
    const { url } = await site({ '/': (asked) => forAnHour({ body: whoAsks(asked) }) });
    const as = (name: string): RequestOptions => ({ meta: { [key]: name }, cookies: { user: name } });
    const settings = cached(rules);
    const asked = [[url('/'), as('ann')] as const, [url('/'), as('bob')] as const];
    expect(await textsOf(settings, ...asked)).toEqual(['user=ann', 'user=bob']);
    expect(await textsOf(settings, ...asked)).toEqual(['user=ann', 'user=bob']);
  });
});

it('an answer in the cache gives the cookies that it set to nobody else', async () => {
  const { url } = await site({
    '/': () =>
      forAnHour({ headers: { 'Set-Cookie': 'sid=of-ann', 'Cache-Control': 'public, max-age=3600' } }),
    '/who': whoAsks,
  });
  const settings = cached('rfc9111');
  await textsOf(settings, [url('/')]);
  expect(await textsOf(settings, [url('/')], [url('/who')])).toEqual(['', '']);
});
