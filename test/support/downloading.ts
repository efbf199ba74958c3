import type { Downloader } from '../../src/contracts/downloader.ts';
import type { Logger } from '../../src/contracts/logger.ts';
import type { Unit } from '../../src/contracts/unit.ts';
import { createDownloader } from '../../src/downloader/create-downloader.ts';
import type { Settings } from '../../src/settings/settings.ts';
import { HeaderMap } from '../../src/values/header-map.ts';
import type { Request } from '../../src/values/request.ts';

/** Says nothing. */
export const quietLogger: Logger = {
  isEnabled: () => false,
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => quietLogger,
};

/** The settings that downloads look at, with their defaults. */
export function downloadSettings(changes: Partial<Settings> = {}): Settings {
  const defaults: Partial<Settings> = {
    silenceTimeoutMs: 20_000,
    connectTimeoutMs: 10_000,
    warnBodyBytes: 8 * 1024 * 1024,
    maxHeaderBytes: 128 * 1024,
    failOnDataLoss: true,
    compression: true,
    verifyTls: true,
    minTlsVersion: 'TLSv1.2',
    blockPrivateAddresses: false,
    privateAddressExceptions: [],
    http2: false,
    dnsCacheMs: 60_000,
    downloadHandlers: {},
    allowFileUrls: false,
  };
  return { ...defaults, ...changes } as Settings;
}

/** A downloader on the real network stack. */
export function downloaderWith(changes: Partial<Settings> = {}, logger: Logger = quietLogger): Downloader {
  const clock = {
    now: () => Date.now(),
    monotonicMs: () => performance.now(),
    setTimeout: () => () => {},
  };
  return createDownloader({ settings: downloadSettings(changes), clock, logger });
}

/** The unit of a request, as the engine would make it. */
export function unitFor(request: Request, changes: Partial<Unit> = {}): Unit {
  return {
    id: 1,
    attempt: 1,
    retries: 0,
    request,
    response: undefined,
    isInline: false,
    signal: new AbortController().signal,
    headers: new HeaderMap(request.headers),
    proxy: undefined,
    timeoutMs: 10_000,
    maxBodyBytes: 32 * 1024 * 1024,
    notes: new Map(),
    ...changes,
  };
}
