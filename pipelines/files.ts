import { type ComponentContext, type Factory, type ItemPipeline, named, type Response } from '../src/api.ts';
import { MediaDownload, type MediaIntake } from './media/media-download.ts';
import { MediaError } from './media/media-error.ts';
import type { MediaOptions } from './media/media-options.ts';
import { MediaPaths } from './media/media-paths.ts';
import { MediaPipeline, mediaConcurrency, mediaStore } from './media/media-pipeline.ts';
import { StoredBody } from './media/stored-body.ts';

/** Options of {@link files}: fields `fileUrls` and `files`, at most 1 GiB for one file unless they say otherwise. */
export interface FilesOptions extends MediaOptions {}

const KIND = { name: 'files', urlsField: 'fileUrls', resultField: 'files', concurrency: 16 };
const MAX_BYTES = 1024 ** 3;

/**
 * Downloads the files that an item names in `fileUrls` and says in `files` what was stored, in their order:
 * `{ url, path, checksum, status }`. Files are written while they come and take no memory. What cannot be had is
 * logged, counted and left out. Scrapy's FilesPipeline.
 *
 * @throws SettingsError when there is no store, or `concurrency` is no whole number from 1.
 */
export function files(options: FilesOptions): Factory<ItemPipeline> {
  const storeOf = mediaStore(KIND.name, options);
  mediaConcurrency(KIND, options);
  return named(KIND.name, (context) => {
    const store = storeOf(context.settings);
    const paths = new MediaPaths(options);
    const intake = () => new FileIntake(new StoredBody(store, options.checksum ?? 'sha256'), context);
    const download = new MediaDownload({ options, context, store, paths, intake, maxBytes: MAX_BYTES });
    return new MediaPipeline(KIND, options, context, store, download);
  });
}

class FileIntake implements MediaIntake {
  readonly bodySink: StoredBody;
  readonly #context: ComponentContext;

  constructor(body: StoredBody, context: ComponentContext) {
    this.bodySink = body;
    this.#context = context;
  }

  async keep(response: Response, path: string): Promise<string> {
    if (!response.flags.includes('streamed')) await this.bodySink.take(response.body);
    const { bytes } = this.bodySink;
    if (bytes === 0) throw new MediaError('empty', 'answered with an empty file');
    const checksum = await this.bodySink.keep(path, response.headers.get('content-type'));
    this.#context.stats.inc('media/bytes', bytes);
    return checksum;
  }

  discard(): Promise<void> {
    return this.bodySink.discard();
  }
}
