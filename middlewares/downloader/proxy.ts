import { type DownloaderMiddleware, type Factory, named, type Request } from '../../src/api.ts';
import { isProxied, type NoProxyRule, parseNoProxy } from './no-proxy.ts';
import { sessionOf } from './session-of.ts';

/** Options of {@link proxy}. */
export interface ProxyOptions {
  /** Where HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY are looked up. @defaultValue `process.env` */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/**
 * Chooses the proxy of each attempt anew: `meta.proxy`, else that of the session, else `settings.proxy`, else that
 * of the environment for the scheme of the URL. Its credentials go to the proxy alone.
 */
export function proxy({ environment = process.env }: ProxyOptions = {}): Factory<DownloaderMiddleware> {
  return named('proxy', ({ settings }) => {
    const fromEnvironment = settings.proxyFromEnvironment ? proxiesOf(environment) : undefined;
    return {
      name: 'proxy',
      processRequest(request, unit) {
        // It was for a proxy of the past; the downloader derives it from the one of this attempt.
        if (unit.headers.has('proxy-authorization')) unit.headers.delete('proxy-authorization');
        unit.proxy = chosen(request, sessionOf(unit)?.proxy ?? settings.proxy, fromEnvironment);
      },
    };
  });
}

/** The proxies that an environment names. */
interface EnvironmentProxies {
  readonly http: string | undefined;
  readonly https: string | undefined;
  readonly exceptions: readonly NoProxyRule[];
}

function chosen(
  { url, meta }: Request,
  usual: string | undefined,
  environment: EnvironmentProxies | undefined,
): string | undefined {
  if (meta.proxy !== undefined) return meta.proxy || undefined;
  if (usual !== undefined || environment === undefined) return usual;
  const scheme = url.startsWith('https:') ? 'https' : url.startsWith('http:') ? 'http' : undefined;
  const found = scheme && environment[scheme];
  return found !== undefined && isProxied(url, environment.exceptions) ? found : undefined;
}

function proxiesOf(environment: Readonly<Record<string, string | undefined>>): EnvironmentProxies {
  const read = (name: string): string | undefined =>
    environment[name] || environment[name.toUpperCase()] || undefined;
  // In a CGI program HTTP_PROXY is the Proxy header of a stranger (CVE-2016-5385).
  const isCgi = environment.REQUEST_METHOD !== undefined;
  const http = isCgi ? environment.http_proxy || undefined : read('http_proxy');
  const all = read('all_proxy');
  return {
    http: http ?? all,
    https: read('https_proxy') ?? all,
    exceptions: parseNoProxy(read('no_proxy') ?? ''),
  };
}
