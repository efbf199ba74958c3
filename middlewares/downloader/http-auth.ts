import { type DownloaderMiddleware, type Factory, named, originOf, SettingsError } from '../../src/api.ts';

/** Options of {@link httpAuth}. */
export interface HttpAuthOptions {
  readonly user: string;
  readonly password: string;
  /** Scheme, host and port that may have them: `https://a.test`. */
  readonly origin: string;
}

/**
 * Basic authentication: for one origin, for single requests by `meta.httpUser` and `meta.httpPass`, which are sent to
 * `meta.httpAuthOrigin` alone, or as a URL has it (`https://user:password@a.test/`).
 */
export function httpAuth(options?: HttpAuthOptions): Factory<DownloaderMiddleware> {
  return named('http-auth', ({ settings, logger }) => {
    const own = options ?? settings.httpAuth;
    const origin = own && checkedOrigin(own.origin);
    const value = own && basic(own.user, own.password);
    return {
      name: 'http-auth',
      processRequest({ url, meta }, unit) {
        const { httpUser, httpPass, httpAuthOrigin = originOf(url) } = meta;
        if (httpUser !== undefined || httpPass !== undefined) {
          if (httpAuthOrigin === originOf(url)) {
            unit.headers.setDefault('Authorization', basic(httpUser ?? '', httpPass ?? ''));
          } else {
            logger.debug(`the login of meta.httpUser is for ${httpAuthOrigin}: not sent`, { url });
          }
        } else if (USERINFO.test(url)) {
          const { username, password } = new URL(url);
          unit.headers.setDefault('Authorization', basic(decoded(username), decoded(password)));
        } else if (value !== undefined && originOf(url) === origin) {
          unit.headers.setDefault('Authorization', value);
        }
      },
    };
  });
}

const USERINFO = /^https?:\/\/[^/?#@]*@/;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function checkedOrigin(origin: string): string {
  if (/^https?:/i.test(origin) && URL.canParse(origin)) return originOf(origin);
  throw new SettingsError(
    `httpAuth.origin must be scheme, host and port such as https://a.test, got ${JSON.stringify(origin)}`,
  );
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;
}
