import { type ComponentContext, errorMessage, type Request, type Response } from '../../src/api.ts';
import type { FileStore } from './file-store.ts';
import type { MediaIntake } from './media-download.ts';
import { MediaError } from './media-error.ts';
import type { Sharp, SharpImage } from './sharp.ts';
import { type ChecksumAlgorithm, StoredBody } from './stored-body.ts';

/** How images are made. */
export interface ImageRules {
  readonly sharp: Sharp;
  readonly store: FileStore;
  readonly checksum: ChecksumAlgorithm;
  readonly minWidth: number;
  readonly minHeight: number;
  readonly quality: number;
  readonly thumbnails: Readonly<Record<string, readonly [width: number, height: number]>>;
  /** Where a thumbnail goes. */
  readonly thumbPath: (request: Request, size: string, response: Response) => string;
}

const JPEG = 'image/jpeg';
/** EXIF: from here on the picture lies on its side. */
const FIRST_SIDEWAYS = 5;

/** Makes a JPEG image in RGB of an answer, and its thumbnails. */
export class ImageIntake implements MediaIntake {
  readonly bodySink = undefined;
  readonly #rules: ImageRules;
  readonly #request: Request;
  readonly #stats: ComponentContext['stats'];

  constructor(rules: ImageRules, request: Request, stats: ComponentContext['stats']) {
    this.#rules = rules;
    this.#request = request;
    this.#stats = stats;
  }

  async keep(response: Response, path: string): Promise<string> {
    if (response.body.length === 0) throw new MediaError('empty', 'answered with an empty file');
    const { image, thumbs } = await this.#make(response);
    // The image last: where it is, its thumbnails are.
    for (const [thumbPath, bytes] of thumbs) await this.#store(thumbPath, bytes);
    return this.#store(path, image);
  }

  async discard(): Promise<void> {}

  async #make(response: Response): Promise<{ image: Uint8Array; thumbs: [string, Uint8Array][] }> {
    const { thumbnails, thumbPath, quality } = this.#rules;
    const image = await this.#converted(response.body);
    const thumbs: [string, Uint8Array][] = [];
    for (const [size, [width, height]] of Object.entries(thumbnails)) {
      const path = thumbPath(this.#request, size, response);
      const box = { width, height, fit: 'inside', withoutEnlargement: true } as const;
      thumbs.push([path, await decoded(this.#open(image).resize(box).jpeg({ quality }).toBuffer())]);
    }
    return { image, thumbs };
  }

  #open(bytes: Uint8Array): SharpImage {
    return this.#rules.sharp(bytes, { failOn: 'error' });
  }

  /** A JPEG image in RGB that lies as it should is stored as it came, once it is known to be whole. */
  async #converted(body: Uint8Array): Promise<Uint8Array> {
    const { minWidth, minHeight, quality } = this.#rules;
    const picture = this.#open(body);
    const { format, width = 0, height = 0, orientation = 1, space } = await metadataOf(picture);
    const [shownWidth, shownHeight] = orientation < FIRST_SIDEWAYS ? [width, height] : [height, width];
    if (shownWidth < minWidth || shownHeight < minHeight) {
      const size = `${shownWidth}x${shownHeight}`;
      throw new MediaError('too small', `${size} is less than ${minWidth}x${minHeight}`);
    }
    if (format === 'jpeg' && space === 'srgb' && orientation === 1) {
      // Its metadata come from its first bytes alone.
      await decoded(picture.stats());
      return body;
    }
    const flat = picture.rotate().flatten({ background: '#ffffff' }).toColourspace('srgb');
    return decoded(flat.jpeg({ quality }).toBuffer());
  }

  async #store(path: string, bytes: Uint8Array): Promise<string> {
    const body = new StoredBody(this.#rules.store, this.#rules.checksum);
    try {
      await body.take(bytes);
      const checksum = await body.keep(path, JPEG);
      this.#stats.inc('media/bytes', bytes.length);
      return checksum;
    } finally {
      await body.discard();
    }
  }
}

function metadataOf(picture: SharpImage): ReturnType<SharpImage['metadata']> {
  return picture.metadata().catch((error: unknown) => {
    const problem = `cannot be read as an image: ${errorMessage(error)}`;
    throw new MediaError('not an image', problem, { cause: error });
  });
}

function decoded<Result>(work: Promise<Result>): Promise<Result> {
  return work.catch((error: unknown) => {
    const problem = `is an image that is cut off or damaged: ${errorMessage(error)}`;
    throw new MediaError('damaged image', problem, { cause: error });
  });
}
