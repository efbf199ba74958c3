import { isPlainObject } from './setting-type.ts';

/** The value of a setting as it may be shown: passwords and keys are masked, add-ons are named. */
export function withoutSecrets(name: string, value: unknown): unknown {
  if (name === 'httpAuth' && typeof value === 'object' && value !== null)
    return { ...value, password: '***' };
  if (name === 'addons' && Array.isArray(value)) return value.map((one: { name: string }) => one.name);
  if (name === 's3' && typeof value === 'object' && value !== null) return masked(value, S3_SECRETS);
  if (name === 'sessions' && isPlainObject(value) && Array.isArray(value.proxies))
    return { ...value, proxies: value.proxies.map(withoutLogin) };
  return name === 'proxy' ? withoutLogin(value) : value;
}

function withoutLogin(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const url = URL.parse(value);
  if (url === null || (url.username === '' && url.password === '')) return value;
  url.username = '***';
  url.password = '';
  return url.href;
}

const S3_SECRETS: ReadonlySet<string> = new Set(['secretAccessKey', 'sessionToken']);

function masked(value: object, secrets: ReadonlySet<string>): object {
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, secrets.has(key) ? '***' : one]));
}
