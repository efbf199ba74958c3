import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ImagesOptions, images, type Sharp, type SharpImage } from '../../../pipelines/index.ts';
import type { ItemRecord } from '../../../src/values/item.ts';
import { Response } from '../../../src/values/response.ts';
import { temporaryFolder } from '../feed/temporary-folder.ts';
import { contextWith, made, type TestContext } from '../middlewares/component-context.ts';
import { origin } from './item-origin.ts';

const realSharp = installedSharp();
const URL_OF_IT = 'http://a.test/picture.png';

function installedSharp(): unknown {
  try {
    return createRequire(import.meta.url)('sharp');
  } catch {
    return undefined;
  }
}

/** "Pictures" are JSON of their metadata; each step is written down in the result. */
const fakeSharp: Sharp = (input) => {
  const steps: string[] = [];
  const text = Buffer.from(input).toString();
  const step = (name: string): SharpImage => {
    steps.push(name);
    return image;
  };
  const image: SharpImage = {
    metadata: async () => JSON.parse(text),
    stats: async () => {
      if (JSON.parse(text).isCut) throw new Error('premature end');
    },
    rotate: () => step('rotate'),
    flatten: ({ background }) => step(`flatten ${background}`),
    toColourspace: (space) => step(space),
    resize: ({ width, height, fit }) => step(`${fit} ${width}x${height}`),
    jpeg: ({ quality }) => step(`jpeg ${quality}`),
    toBuffer: async () => Buffer.from(JSON.stringify({ ...JSON.parse(text), steps })),
  };
  return image;
};

interface Run {
  readonly item: ItemRecord & { readonly images?: readonly { readonly path: string }[] };
  readonly context: TestContext;
  readonly folder: string;
  read(path: string): Buffer;
}

async function run(body: string | Uint8Array, options: Partial<ImagesOptions> = {}): Promise<Run> {
  const store = temporaryFolder();
  const context = contextWith({}, { fetch: async (request) => new Response(request.url, { request, body }) });
  const pipeline = await made(images({ store, sharp: fakeSharp, ...options }), context);
  await pipeline.open?.();
  const item = await pipeline.processItem?.({ imageUrls: [URL_OF_IT] }, origin);
  return {
    item: item as Run['item'],
    context,
    folder: store,
    read: (path) => readFileSync(join(store, path)),
  };
}

const picture = (facts: object): string =>
  JSON.stringify({ format: 'png', space: 'srgb', width: 300, height: 200, ...facts });

describe('images', () => {
  it('makes a JPEG in RGB of everything, turned as EXIF says', async () => {
    const { item, read } = await run(picture({ orientation: 6 }));
    const [{ path = '' } = {}] = item.images ?? [];
    expect(path).toMatch(/^full\/[0-9a-f]{40}\.jpg$/);
    const { steps } = JSON.parse(read(path).toString());
    expect(steps).toEqual(['rotate', 'flatten #ffffff', 'srgb', 'jpeg 85']);
  });

  it('stores a JPEG that is as it should be as it came', async () => {
    const body = picture({ format: 'jpeg', orientation: 1 });
    const { item, read } = await run(body);
    expect(read(item.images?.[0]?.path ?? '').toString()).toBe(body);
  });

  it('gives thumbnails of one name a file each', async () => {
    const { item, folder } = await run(picture({}), {
      thumbnails: { small: [1, 1], big: [2, 2] },
      thumbPath: () => 'thumb.jpg',
    });
    expect(item.images).toHaveLength(1);
    expect(readdirSync(folder).filter((name) => /^thumb-[0-9a-f]{12}\.jpg$/.test(name))).toHaveLength(2);
  });

  it('makes thumbnails beside it', async () => {
    const { item, read } = await run(picture({}), { thumbnails: { small: [50, 60], '../big': [500, 500] } });
    const name = item.images?.[0]?.path.slice('full/'.length) ?? '';
    const { steps } = JSON.parse(read(`thumbs/small/${name}`).toString());
    expect(steps).toEqual(['inside 50x60', 'jpeg 85']);
    expect(read(`thumbs/big/${name}`).length).toBeGreaterThan(0);
  });

  it.each([
    ['too small', picture({}), { minWidth: 301 }],
    ['too small', picture({ orientation: 6 }), { minHeight: 301 }],
    ['not an image', '<html>', {}],
    ['damaged image', picture({ format: 'jpeg', isCut: true }), {}],
    [
      'bad path',
      picture({}),
      {
        thumbnails: { small: [1, 1] },
        thumbPath: () => {
          throw new Error('no name');
        },
      },
    ],
    ['empty', '', {}],
  ] as [string, string, Partial<ImagesOptions>][])('leaves out what is %s', async (reason, body, options) => {
    const { item, context } = await run(body, options);
    expect(item.images).toEqual([]);
    expect(context.stats.get(`media/failed/${reason}`)).toBe(1);
  });

  it('measures an image as it is shown', async () => {
    const { item } = await run(picture({ orientation: 6 }), { minWidth: 200, minHeight: 300 });
    expect(item.images).toHaveLength(1);
  });

  it.skipIf(realSharp !== undefined)('names the package that it needs where that is missing', async () => {
    const needing = made(images({ store: temporaryFolder() }), contextWith());
    await expect(needing).rejects.toThrow('npm install sharp');
  });

  if (realSharp === undefined) console.info('skipped: images over sharp: the package is not installed');
  it.skipIf(realSharp === undefined)('leaves out real images that are cut off', async () => {
    const sharp = realSharp as (input: Uint8Array, options: object) => SharpImage;
    const noise = Buffer.from(Array.from({ length: 64 * 64 * 3 }, (_, at) => (at * 7919) % 251));
    const jpeg = await sharp(noise, { raw: { width: 64, height: 64, channels: 3 } })
      .jpeg({ quality: 90 })
      .toBuffer();
    const whole = await run(jpeg, { sharp: realSharp as Sharp });
    expect(whole.item.images).toHaveLength(1);
    const { item, context } = await run(jpeg.subarray(0, jpeg.length - 200), { sharp: realSharp as Sharp });
    expect(item.images).toEqual([]);
    expect(context.stats.get('media/failed/damaged image')).toBe(1);
  });

  it.skipIf(realSharp === undefined)('makes real images with sharp', async () => {
    const png =
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
    const options = { sharp: realSharp as Sharp, thumbnails: { small: [1, 1] } } as const;
    const { item, read } = await run(Buffer.from(png, 'base64'), options);
    expect(read(item.images?.[0]?.path ?? '').subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
  });
});
