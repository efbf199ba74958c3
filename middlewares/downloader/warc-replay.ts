import { statSync } from 'node:fs';
import {
  BodyTooLargeError,
  type ComponentContext,
  type DownloaderMiddleware,
  type Drop,
  decodeBody,
  drop,
  type Factory,
  named,
  type Request,
  Response,
  SettingsError,
  type Unit,
} from '../../src/api.ts';
import { type FoundAnswer, WarcIndex } from '../warc/warc-index.ts';

const NAME = 'warc-replay';
const ROBOTS = /^https?:\/\/[^/]+\/robots\.txt$/i;
const NOT_FOUND = 404;

/**
 * Answers requests from `settings.replayWarc`, a WARC file of this crawler or another, as the downloader would
 * have. What the file lacks is fetched, or dropped where `settings.replayMissing` is `fail`; a robots.txt that it
 * lacks then counts as none, since nothing is sent to the site.
 */
export function warcReplay(): Factory<DownloaderMiddleware> {
  return named(NAME, (context) => {
    const { replayWarc } = context.settings;
    if (replayWarc === undefined) return undefined;
    checkArchive(replayWarc);
    return new WarcReplay(context, replayWarc);
  });
}

/** Before anything is begun. @throws SettingsError */
function checkArchive(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new SettingsError(`replayWarc (--replay): there is no file ${path}`);
  if (found.isDirectory())
    throw new SettingsError(`replayWarc (--replay) ${path} is a folder: name a WARC file`);
}

class WarcReplay implements DownloaderMiddleware {
  readonly name = NAME;
  readonly #context: ComponentContext;
  readonly #path: string;
  #index: WarcIndex | undefined;

  constructor(context: ComponentContext, path: string) {
    this.#context = context;
    this.#path = path;
  }

  async open(): Promise<void> {
    const { logger, settings } = this.#context;
    const path = this.#path;
    const maxRecordBytes = settings.maxBodyBytes + settings.maxHeaderBytes;
    this.#index = await WarcIndex.open(path, { maxRecordBytes });
    const { size, damage } = this.#index;
    if (damage !== undefined)
      logger.warn('the archive is cut: its last record is left out', { path, byte: damage.offset });
    logger.info('answers come from an archive', { path, pages: size });
  }

  async processRequest(request: Request, unit: Unit): Promise<Response | Drop | undefined> {
    const { stats, settings } = this.#context;
    const found = await this.#index?.find(request);
    if (found !== undefined && this.#isEnough(found, request)) {
      stats.inc('warc/replayed');
      return await answered(found, request, unit, settings.compression);
    }
    stats.inc('warc/replay_missing');
    if (settings.replayMissing === 'network') return undefined;
    if (ROBOTS.test(request.url))
      return new Response(request.url, { status: NOT_FOUND, request, flags: FLAGS });
    return drop('replay missing');
  }

  async close(): Promise<void> {
    await this.#index?.close();
  }

  /** A body that ends early will do only where a download that ends early would. */
  #isEnough({ isTruncated, status, headers }: FoundAnswer, { meta }: Request): boolean {
    const isRedirect = status >= 300 && status < 400 && headers.has('location');
    const failsOnLoss = meta.failOnDataLoss ?? this.#context.settings.failOnDataLoss;
    return !isTruncated || isRedirect || meta.cutBodyAt !== undefined || !failsOnLoss;
  }
}

const FLAGS: readonly string[] = ['cached'];

async function answered(
  { status, headers, body, isTruncated, ipAddress }: FoundAnswer,
  request: Request,
  { maxBodyBytes }: Unit,
  isDecoded: boolean,
): Promise<Response> {
  const { url, method, meta } = request;
  const sent = body.subarray(0, meta.cutBodyAt ?? body.length);
  if (sent.length > maxBodyBytes) throw new BodyTooLargeError(url, maxBodyBytes);
  const isCut = isTruncated || sent.length < body.length;
  const codings = headers.getAll('content-encoding').join(',');
  const isPacked = isDecoded && codings !== '' && method !== 'HEAD';
  const limits = { maxBytes: maxBodyBytes, failOnDataLoss: false, url };
  const decoded = isPacked
    ? await decodeBody(sent, codings, limits)
    : { body: sent, contentEncoding: codings, partial: false };
  if (isPacked && decoded.contentEncoding === undefined) headers.delete('content-encoding');
  else if (isPacked) headers.set('content-encoding', decoded.contentEncoding ?? '');
  return new Response(url, {
    status,
    headers,
    body: decoded.body,
    flags: isCut || decoded.partial ? [...FLAGS, 'partial'] : FLAGS,
    request,
    ...(ipAddress !== undefined && { ipAddress }),
  });
}
