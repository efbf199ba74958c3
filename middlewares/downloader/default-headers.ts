import { type DownloaderMiddleware, type Factory, named } from '../../src/api.ts';

/** Options of {@link defaultHeaders}. */
export interface DefaultHeadersOptions {
  /** Names and values. @defaultValue `settings.defaultHeaders` */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends headers with every request that does not set them itself. */
export function defaultHeaders({ headers }: DefaultHeadersOptions = {}): Factory<DownloaderMiddleware> {
  return named('default-headers', ({ settings }) => {
    const pairs = Object.entries(headers ?? settings.defaultHeaders);
    if (pairs.length === 0) return undefined;
    return {
      name: 'default-headers',
      processRequest(_request, unit) {
        for (const [name, value] of pairs) unit.headers.setDefault(name, value);
      },
    };
  });
}
