/** What becomes of an option of curl. */
export interface CurlOption {
  /** Its long name. */
  readonly name: string;
  /** `used`: it shapes the request. `ignored`: it says how curl behaves. `unsupported`: it would change the request, and can't here. `refused`: it reads files. */
  readonly fate: 'used' | 'ignored' | 'unsupported' | 'refused';
  readonly takesValue: boolean;
}

const words = (text: string): string[] => text.trim().split(/\s+/);

const USED_VALUES = words(
  'cookie data data-ascii data-binary data-raw data-urlencode form form-string header json max-time ' +
    'oauth2-bearer proxy range referer request url user user-agent',
);
const USED_FLAGS = words('compressed get globoff head');
const IGNORED_VALUES = words(
  'connect-timeout cookie-jar dump-header expect100-timeout happy-eyeballs-timeout-ms keepalive-time ' +
    'limit-rate max-filesize max-redirs output output-dir parallel-max retry retry-delay retry-max-time ' +
    'speed-limit speed-time stderr tls-max trace trace-ascii trace-config write-out',
);
const IGNORED_FLAGS = words(
  'basic create-dirs disable disable-epsv fail fail-early fail-with-body http0.9 http1.0 http1.1 http2 ' +
    'http2-prior-knowledge http3 http3-only include insecure ipv4 ipv6 junk-session-cookies keepalive ' +
    'location location-trusted no-buffer no-keepalive no-progress-meter no-sessionid parallel path-as-is ' +
    'post301 post302 post303 progress-bar progress-meter raw remote-header-name remote-name remote-name-all ' +
    'remote-time retry-all-errors retry-connrefused show-error silent ssl-no-revoke styled-output ' +
    'tcp-fastopen tcp-nodelay tlsv1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3 tr-encoding trace-ids trace-time verbose',
);
const UNSUPPORTED_VALUES = words(
  'abstract-unix-socket alt-svc aws-sigv4 cacert capath cert cert-type ciphers connect-to continue-at ' +
    'crlfile curves delegation dns-interface dns-servers doh-url engine etag-compare etag-save ' +
    'ftp-account ftp-port hsts interface key key-type krb local-port login-options mail-from mail-rcpt noproxy ' +
    'pass pinnedpubkey preproxy proto proto-default proto-redir proxy-header proxy-user quote ' +
    'request-target resolve sasl-authzid service-name socks4 socks4a socks5 socks5-hostname telnet-option ' +
    'time-cond tls13-ciphers tlsauthtype unix-socket url-query variable',
);
const UNSUPPORTED_FLAGS = words(
  'anyauth append crlf digest ftp-pasv ignore-content-length list-only negotiate ntlm proxytunnel use-ascii',
);
const REFUSED_VALUES = words('config netrc-file upload-file');
const REFUSED_FLAGS = words('netrc netrc-optional next');

const BY_NAME: ReadonlyMap<string, CurlOption> = new Map(
  (
    [
      [USED_VALUES, 'used', true],
      [USED_FLAGS, 'used', false],
      [IGNORED_VALUES, 'ignored', true],
      [IGNORED_FLAGS, 'ignored', false],
      [UNSUPPORTED_VALUES, 'unsupported', true],
      [UNSUPPORTED_FLAGS, 'unsupported', false],
      [REFUSED_VALUES, 'refused', true],
      [REFUSED_FLAGS, 'refused', false],
    ] as const
  ).flatMap(([names, fate, takesValue]) => names.map((name) => [name, { name, fate, takesValue }])),
);

const SHORT: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '#': 'progress-bar',
    ':': 'next',
    '0': 'http1.0',
    '1': 'tlsv1',
    '4': 'ipv4',
    '6': 'ipv6',
    A: 'user-agent',
    B: 'use-ascii',
    C: 'continue-at',
    D: 'dump-header',
    E: 'cert',
    F: 'form',
    G: 'get',
    H: 'header',
    I: 'head',
    J: 'remote-header-name',
    K: 'config',
    L: 'location',
    N: 'no-buffer',
    O: 'remote-name',
    P: 'ftp-port',
    Q: 'quote',
    R: 'remote-time',
    S: 'show-error',
    T: 'upload-file',
    U: 'proxy-user',
    X: 'request',
    Y: 'speed-limit',
    Z: 'parallel',
    a: 'append',
    b: 'cookie',
    c: 'cookie-jar',
    d: 'data',
    e: 'referer',
    f: 'fail',
    g: 'globoff',
    i: 'include',
    j: 'junk-session-cookies',
    k: 'insecure',
    l: 'list-only',
    m: 'max-time',
    n: 'netrc',
    o: 'output',
    p: 'proxytunnel',
    q: 'disable',
    r: 'range',
    s: 'silent',
    t: 'telnet-option',
    u: 'user',
    v: 'verbose',
    w: 'write-out',
    x: 'proxy',
    y: 'speed-time',
    z: 'time-cond',
  }),
);

/** The option of a long name without its dashes. */
export function longOption(name: string): CurlOption | undefined {
  const option = BY_NAME.get(name);
  if (option !== undefined || !name.startsWith('no-')) return option;
  const positive = BY_NAME.get(name.slice('no-'.length));
  return positive?.takesValue === false ? { ...positive, fate: 'ignored' } : undefined;
}

/** The option of one letter. */
export function shortOption(letter: string): CurlOption | undefined {
  const name = SHORT.get(letter);
  return name === undefined ? undefined : BY_NAME.get(name);
}
