import type { DownloaderMiddleware, Factory, SchedulerMiddleware, SpiderMiddleware } from '../src/api.ts';
import { cookies } from './downloader/cookies.ts';
import { defaultHeaders } from './downloader/default-headers.ts';
import { downloaderStats } from './downloader/downloader-stats.ts';
import { giveUpHosts } from './downloader/give-up-hosts.ts';
import { httpAuth } from './downloader/http-auth.ts';
import { httpCache } from './downloader/http-cache.ts';
import { incremental } from './downloader/incremental.ts';
import { metaRefreshRedirect } from './downloader/meta-refresh-redirect.ts';
import { offsite } from './downloader/offsite.ts';
import { proxy } from './downloader/proxy.ts';
import { redirect } from './downloader/redirect.ts';
import { retry } from './downloader/retry.ts';
import { robotsTxt } from './downloader/robots-txt.ts';
import { sessions } from './downloader/sessions.ts';
import { timeout } from './downloader/timeout.ts';
import { userAgent } from './downloader/user-agent.ts';
import { warcArchive } from './downloader/warc-archive.ts';
import { warcReplay } from './downloader/warc-replay.ts';
import { depth } from './scheduler/depth.ts';
import { earlyOffsite } from './scheduler/early-offsite.ts';
import { noFileLinks } from './scheduler/no-file-links.ts';
import { urlLength } from './scheduler/url-length.ts';
import { changedItems } from './spider/changed-items.ts';
import { httpError } from './spider/http-error.ts';
import { referer } from './spider/referer.ts';
import { sameSession } from './spider/same-session.ts';
import { start } from './spider/start.ts';

/** The steps between engine and downloader that a crawl begins with, outermost first. */
export const DEFAULT_DOWNLOADER_MIDDLEWARES: readonly Factory<DownloaderMiddleware>[] = [
  offsite(),
  robotsTxt(),
  httpAuth(),
  timeout(),
  defaultHeaders(),
  userAgent(),
  incremental(),
  retry(),
  metaRefreshRedirect(),
  redirect(),
  giveUpHosts(),
  sessions(),
  cookies(),
  proxy(),
  httpCache(),
  downloaderStats(),
  warcReplay(),
  warcArchive(),
];

/** The steps between engine and spider that a crawl begins with. */
export const DEFAULT_SPIDER_MIDDLEWARES: readonly Factory<SpiderMiddleware>[] = [
  start(),
  httpError(),
  changedItems(),
  sameSession(),
  referer(),
];

/** The steps between engine and scheduler that a crawl begins with. */
export const DEFAULT_SCHEDULER_MIDDLEWARES: readonly Factory<SchedulerMiddleware>[] = [
  urlLength(),
  noFileLinks(),
  earlyOffsite(),
  depth(),
];
