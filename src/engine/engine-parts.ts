import type { Clock } from '../contracts/clock.ts';
import type { Downloader } from '../contracts/downloader.ts';
import type { DownloaderMiddleware } from '../contracts/downloader-middleware.ts';
import type { Extension } from '../contracts/extension.ts';
import type { Feed } from '../contracts/feed.ts';
import type { ItemPipeline } from '../contracts/item-pipeline.ts';
import type { JobProgress } from '../contracts/job.ts';
import type { Logger } from '../contracts/logger.ts';
import type { Scheduler } from '../contracts/scheduler.ts';
import type { SchedulerMiddleware } from '../contracts/scheduler-middleware.ts';
import type { SeedSource } from '../contracts/seeds.ts';
import type { Signals } from '../contracts/signal.ts';
import type { SpiderLike } from '../contracts/spider.ts';
import type { SpiderMiddleware } from '../contracts/spider-middleware.ts';
import type { Stats } from '../contracts/stats.ts';
import type { Settings } from '../settings/settings.ts';

/** What an engine drives. Everything is made by the crawler; the engine only opens, uses and closes it. */
export interface EngineParts {
  readonly settings: Settings;
  readonly spider: SpiderLike;
  readonly scheduler: Scheduler;
  readonly downloader: Downloader;
  readonly downloaderMiddlewares: readonly DownloaderMiddleware[];
  readonly spiderMiddlewares: readonly SpiderMiddleware[];
  readonly schedulerMiddlewares: readonly SchedulerMiddleware[];
  readonly pipelines: readonly ItemPipeline[];
  readonly extensions: readonly Extension[];
  readonly feeds: readonly Feed[];
  readonly clock: Clock;
  /** A number from 0 up to 1. */
  readonly random: () => number;
  readonly logger: Logger;
  readonly stats: Stats;
  readonly signals: Signals;
  /** The job that keeps this crawl, if one does. */
  readonly job?: JobProgress | undefined;
  /** Where `start()` may take its requests from. */
  readonly seeds?: SeedSource | undefined;
}
