import { CurlCommandError } from '../../errors/curl-command-error.ts';
import type { FormPart } from '../form-body.ts';
import { quoteQueryPart } from '../percent-bytes.ts';

// Values of options come as byte strings: a character a byte.

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A byte string as text; bytes that are no UTF-8 stay single characters. */
export function text(bytes: string): string {
  try {
    return strictUtf8.decode(Buffer.from(bytes, 'latin1'));
  } catch {
    return bytes;
  }
}

/** `user:password` as basic authentication has it. @throws CurlCommandError without a password. */
export function basicToken(user: string): string {
  if (!user.includes(':')) {
    const name = text(user);
    throw new CurlCommandError(
      `-u ${name} has no password, which curl would ask for: write ${name}:PASSWORD, or ${name}: for none`,
    );
  }
  return Buffer.from(user, 'latin1').toString('base64');
}

/** `content`, `=content` or `name=content`: the content is encoded, the name is sent as it is. */
export function urlEncodedData(value: string): string {
  const equals = value.indexOf('=');
  if (equals < 0 && value.includes('@')) throw readsFile('--data-urlencode', value);
  const name = equals > 0 ? value.slice(0, equals + 1) : '';
  return name + quoteQueryPart(value.slice(equals + 1));
}

/** The `name=value` of `-F`; plain: what begins with `@` is no file. @throws CurlCommandError for files and for values with options. */
export function formPart(value: string, isPlain: boolean): FormPart {
  const equals = value.indexOf('=');
  if (equals < 0) throw new CurlCommandError(`-F ${JSON.stringify(text(value))} is not name=value`);
  const name = text(value.slice(0, equals));
  const content = value.slice(equals + 1);
  if (isPlain) return [name, text(content)];
  if (/^[@<]/.test(content)) throw readsFile('-F', content);
  const more = /;\s*(?:type|filename|headers|encoder)=/.exec(content);
  if (more !== null) {
    throw new CurlCommandError(
      `-F with ${more[0].slice(1).trim()} is not known here: use formRequest or a body`,
    );
  }
  return [name, text(content)];
}

/** The error for a value that names a file. */
export function readsFile(option: string, value: string): CurlCommandError {
  return new CurlCommandError(
    `${option} ${JSON.stringify(text(value).slice(0, 100))} reads a file, which is not done here: put the content into the command`,
  );
}

/** The cookies of Cookie headers, the last of a name counts. Names may be any text. */
export function cookiesIn(texts: readonly string[]): Record<string, string> {
  const cookies: Record<string, string> = Object.create(null);
  for (const pair of texts.join(';').split(';')) {
    const equals = pair.indexOf('=');
    const name = pair.slice(0, Math.max(equals, 0)).trim();
    if (name !== '') cookies[name] = pair.slice(equals + 1).trim();
  }
  return cookies;
}
