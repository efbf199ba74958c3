/** What stands in a secret's place. */
export const MASK = '***';

const USERINFO = /:\/\/[^\s/?#]*@/g;
const HEADER =
  /\b((?:proxy-)?authorization|(?:set-)?cookie)(["']?\s{0,4}[:=]\s{0,4})("(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|[^\r\n]*)/gi;
const PAIR = /([\w.-]{1,64})=("(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|[^\s&;,"'<>]+)/g;
const QUOTED_PAIR = /(["'])([\w.-]{1,64})\1(\s{0,4}:\s{0,4})("(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?)/g;
const WORDS = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g;
const SECRET_WORDS: ReadonlySet<string> = new Set(
  'password passwd passphrase pwd secret secrets token apikey accesskey privatekey credential credentials'.split(
    ' ',
  ),
);
const KEY_OWNERS: ReadonlySet<string> = new Set(['api', 'access', 'private', 'secret']);
const SECRET_HEADERS: ReadonlySet<string> = new Set(
  'authorization proxyauthorization cookie cookies setcookie setcookies httpauth'.split(' '),
);

/** Whether a field, argument or header of this name holds what nobody else may read: `apiKey`, `X-Auth-Token`, `cookie`. */
export function isSecretName(name: string): boolean {
  const words = (name.slice(0, 128).match(WORDS) ?? []).map((word) => word.toLowerCase());
  return (
    SECRET_HEADERS.has(words.join('')) ||
    words.some(
      (word, at) => SECRET_WORDS.has(word) || (word === 'key' && KEY_OWNERS.has(words[at - 1] ?? '')),
    )
  );
}

/**
 * Text without the secrets that have a known shape: user and password of URLs, values of Authorization, Cookie
 * and their like, and `name=value` where the name tells (`token`, `password`, `api_key`).
 */
export function maskSecrets(text: string): string {
  let masked = text;
  if (masked.includes('@')) masked = masked.replace(USERINFO, `://${MASK}@`);
  masked = masked.replace(HEADER, (_all, name, separator, value) => name + separator + maskedLike(value));
  if (masked.includes('=')) {
    masked = masked.replace(PAIR, (all, name, value) =>
      isSecretName(name) ? `${name}=${maskedLike(value)}` : all,
    );
  }
  if (!masked.includes(':')) return masked;
  return masked.replace(QUOTED_PAIR, (all, quote, name, separator, value) =>
    isSecretName(name) ? quote + name + quote + separator + maskedLike(value) : all,
  );
}

function maskedLike(value: string): string {
  const quote = value[0] === '"' || value[0] === "'" ? value[0] : '';
  return quote + MASK + quote;
}
