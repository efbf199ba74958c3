import { optionalPackage } from '../database/optional-package.ts';

/** What is used of an image of the package sharp. */
export interface SharpImage {
  metadata(): Promise<{
    readonly format?: string;
    readonly width?: number;
    readonly height?: number;
    /** Of EXIF, 1 to 8. */
    readonly orientation?: number;
    readonly space?: string;
  }>;
  /** Decodes every pixel. */
  stats(): Promise<unknown>;
  /** Turns as EXIF says. */
  rotate(): SharpImage;
  flatten(options: { readonly background: string }): SharpImage;
  toColourspace(space: string): SharpImage;
  resize(options: {
    readonly width: number;
    readonly height: number;
    readonly fit: 'inside';
    readonly withoutEnlargement: true;
  }): SharpImage;
  jpeg(options: { readonly quality: number }): SharpImage;
  toBuffer(): Promise<Uint8Array>;
}

/** What the package sharp exports. */
export type Sharp = (input: Uint8Array, options: { readonly failOn: 'error' }) => SharpImage;

/** The package itself. @throws ComponentError when it is not installed. */
export function loadSharp(): Sharp {
  return optionalPackage('images', 'sharp') as Sharp;
}
