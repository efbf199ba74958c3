import { type DownloaderMiddleware, type Factory, named } from '../../src/api.ts';

/** Options of {@link userAgent}. */
export interface UserAgentOptions {
  /** Value of the header. @defaultValue `settings.userAgent` */
  readonly value?: string;
}

/** Says who crawls, unless the request does. */
export function userAgent(options: UserAgentOptions = {}): Factory<DownloaderMiddleware> {
  return named('user-agent', ({ settings }) => {
    const { value = settings.userAgent } = options;
    if (value === '') return undefined;
    return {
      name: 'user-agent',
      processRequest(_request, unit) {
        unit.headers.setDefault('User-Agent', value);
      },
    };
  });
}
