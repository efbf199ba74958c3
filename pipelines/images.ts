import { type Factory, type ItemPipeline, named, type Request, type Response } from '../src/api.ts';
import { ImageIntake } from './media/image-intake.ts';
import { MediaDownload } from './media/media-download.ts';
import type { MediaOptions } from './media/media-options.ts';
import { hashOf, MediaPaths } from './media/media-paths.ts';
import { MediaPipeline, mediaConcurrency, mediaStore } from './media/media-pipeline.ts';
import { safePath } from './media/safe-path.ts';
import { loadSharp, type Sharp } from './media/sharp.ts';

/** Options of {@link images}: fields `imageUrls` and `images`, at most `settings.maxBodyBytes` for one unless they say otherwise. */
export interface ImagesOptions extends MediaOptions {
  /** Smaller copies by name: `{ small: [50, 50] }`; each fits into its width and height, pixels. @defaultValue none */
  readonly thumbnails?: Readonly<Record<string, readonly [width: number, height: number]>>;
  /** Images with fewer pixels are left out. @defaultValue `0` */
  readonly minWidth?: number;
  /** Images with fewer pixels are left out. @defaultValue `0` */
  readonly minHeight?: number;
  /** Of JPEG, 1 to 100. @defaultValue `85` */
  readonly quality?: number;
  /** Names thumbnails; made safe and unique as `filePath` is. @defaultValue `thumbs/`, the name of the size, the SHA-1 of the address, `.jpg` */
  readonly thumbPath?: (request: Request, size: string, response: Response) => string;
  /** What the package sharp exports. @defaultValue the package, which has to be installed */
  readonly sharp?: Sharp;
}

const KIND = { name: 'images', urlsField: 'imageUrls', resultField: 'images', concurrency: 8 };

/**
 * Downloads the images that an item names in `imageUrls` and says in `images` what was stored, in their order:
 * `{ url, path, checksum, status }`. Each becomes a JPEG in RGB, turned as its EXIF data says, with thumbnails where
 * asked. What is no image, or too small, is logged, counted and left out. Needs the package `sharp`. Scrapy's
 * ImagesPipeline.
 *
 * @throws SettingsError when there is no store, or `concurrency` is no whole number from 1; ComponentError, as the crawl begins, when sharp is not installed.
 */
export function images(options: ImagesOptions): Factory<ItemPipeline> {
  const storeOf = mediaStore(KIND.name, options);
  mediaConcurrency(KIND, options);
  return named(KIND.name, (context) => {
    const store = storeOf(context.settings);
    const paths = new MediaPaths(options, '.jpg');
    const { thumbPath } = options;
    const rules = {
      sharp: options.sharp ?? loadSharp(),
      store,
      checksum: options.checksum ?? 'sha256',
      minWidth: options.minWidth ?? 0,
      minHeight: options.minHeight ?? 0,
      quality: options.quality ?? 85,
      thumbnails: options.thumbnails ?? {},
      thumbPath: (request: Request, size: string, response: Response) =>
        thumbPath === undefined
          ? safePath(`thumbs/${size}/${hashOf(request)}.jpg`)
          : paths.custom(request, 'thumbPath', () => thumbPath(request, size, response), size),
    } as const;
    const intake = (request: Request) => new ImageIntake(rules, request, context.stats);
    const { maxBodyBytes: maxBytes } = context.settings;
    const download = new MediaDownload({ options, context, store, paths, intake, maxBytes });
    return new MediaPipeline(KIND, options, context, store, download);
  });
}
