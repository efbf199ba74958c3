import type {
  DownloadHandler,
  DownloadHandlerContext,
  DownloadHandlerFactory,
  SchemeHandler,
} from '../contracts/downloader.ts';
import type { Unit } from '../contracts/unit.ts';
import { ComponentError } from '../errors/component-error.ts';
import { UnsupportedSchemeError } from '../errors/unsupported-scheme-error.ts';
import type { Request } from '../values/request.ts';
import type { Response } from '../values/response.ts';

/** A scheme's handler of `settings.downloadHandlers`: made when its first request comes. */
export class OwnHandler implements DownloadHandler {
  readonly schemes: readonly string[];
  readonly #scheme: string;
  readonly #create: DownloadHandlerFactory | null;
  readonly #context: DownloadHandlerContext;
  #made: Promise<SchemeHandler> | undefined;

  constructor(scheme: string, create: DownloadHandlerFactory | null, context: DownloadHandlerContext) {
    this.schemes = [scheme];
    this.#scheme = scheme;
    this.#create = create;
    this.#context = context;
  }

  /**
   * @throws UnsupportedSchemeError where the scheme is turned off.
   * @throws ComponentError where the factory gives no handler; else what factory and handler throw.
   */
  async download(request: Request, unit: Unit): Promise<Response> {
    if (this.#create === null)
      throw new UnsupportedSchemeError(request.url, `settings.downloadHandlers turns ${this.#scheme}: off`);
    this.#made ??= this.#make(this.#create);
    const handler = await this.#made;
    return handler.download(request, unit);
  }

  async close(): Promise<undefined> {
    const handler = await this.#made?.catch(() => undefined);
    await handler?.close?.();
  }

  async #make(create: DownloadHandlerFactory): Promise<SchemeHandler> {
    const handler: unknown = await create(this.#context);
    if (typeof (handler as Partial<SchemeHandler> | undefined)?.download === 'function')
      return handler as SchemeHandler;
    throw new ComponentError(
      `downloadHandlers.${this.#scheme}`,
      'the factory gave no handler: it has to give an object with download(request, unit)',
    );
  }
}
