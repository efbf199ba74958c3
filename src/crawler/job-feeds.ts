import type { Feed } from '../contracts/feed.ts';
import type { Logger } from '../contracts/logger.ts';
import { SettingsError } from '../errors/settings-error.ts';
import { batchOptions, createFeed, createFeedFile, type FeedEnvironment } from '../feed/create-feed.ts';
import { itemChoice } from '../feed/item-choice.ts';
import { BatchJobFeed } from '../job/batch-job-feed.ts';
import type { Job } from '../job/job.ts';
import { JobFeed, type JobFeedParts, type JobOutput } from '../job/job-feed.ts';
import { WholeJobFeed } from '../job/whole-job-feed.ts';
import type { FeedOptions } from '../settings/feed-options.ts';
import type { Settings } from '../settings/settings.ts';

/** The outputs that the settings name. */
export function createFeeds({ feeds }: Settings, environment: FeedEnvironment): Feed[] {
  return Object.entries(feeds).map(([uri, options]) => createFeed(uri, options, environment));
}

/** The outputs of a job: they read its item log and keep their places in it. */
export function createJobFeeds(
  { feeds }: Settings,
  environment: FeedEnvironment,
  job: Job,
  logger: Logger,
): JobOutput[] {
  // The same names on every run: the time in them is that of the job.
  const { createdAtMs } = job.identity;
  const batch = { id: 1, timeMs: createdAtMs };
  const keys = new Set<string>();
  return Object.entries(feeds).map(([uri, asked]) => {
    const key = job.feedKey(uri, environment.folder);
    const options = careful(key, uri, asked, job, logger);
    const { journal, items, folder } = job;
    // Where it is only the job that is careful, it is so with files.
    const own = { ...environment, startedAtMs: createdAtMs, asksStorages: asked.ifExists === 'refuse' };
    if (keys.has(key))
      throw new SettingsError(
        `settings.feeds has ${key} twice, otherwise spelled or for another user: a job cannot tell these outputs apart`,
      );
    keys.add(key);
    const parts = { key, journal, items, logger };
    if ((options.batchItemCount ?? 0) > 0) return batchJobFeed(uri, options, own, parts);
    const feed = createFeedFile(uri, options, own, batch);
    if (feed.durability === 'cursor' || feed.durability === 'live') {
      const kept = new JobFeed(feed, parts);
      job.syncWith(() => kept.sync());
      return kept;
    }
    const make = (basePath: string | undefined): Feed =>
      createFeedFile(uri, options, { ...own, whole: { basePath } }, batch);
    return new WholeJobFeed(feed, { ...parts, folder, make });
  });
}

/** Each file of a feed in batches is made anew; only one that the job made itself is replaced unasked. */
function batchJobFeed(
  uri: string,
  options: FeedOptions,
  environment: FeedEnvironment,
  parts: JobFeedParts,
): JobOutput {
  const { ifExists, batchItemCount: size = 0 } = options;
  const others = batchOptions(uri, options);
  return new BatchJobFeed({
    ...parts,
    uri,
    size,
    choice: itemChoice(options),
    nowMs: () => environment.clock.now(),
    onSlotClosed: environment.onSlotClosed,
    make(batch, isOwn) {
      const mayReplace = isOwn || ifExists === 'overwrite';
      const one = { ...others, ifExists: mayReplace ? 'overwrite' : 'refuse' } as const;
      return createFeedFile(uri, one, { ...environment, whole: {} }, batch);
    },
  });
}

/** After a repair that may have lost its place, an output must not append items to a file that may hold them. */
function careful(key: string, uri: string, options: FeedOptions, job: Job, logger: Logger): FeedOptions {
  if (!job.mayLackFeeds || job.knowsFeed(key) || (options.ifExists ?? 'append') !== 'append') return options;
  logger.warn(
    `the place in ${uri} may have been lost when the job was repaired: it is written anew, and not where a file is; move that away, or overwrite it (-O)`,
  );
  return { ...options, ifExists: 'refuse' };
}
