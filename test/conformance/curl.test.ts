import { parseCurl } from '../../src/values/curl/parse-curl.ts';
import { cases } from './load.ts';

cases<{ command: string }>('curl', ({ command }) => {
  try {
    const { method, url, headers, cookies, body } = parseCurl(command, { ignoreUnknown: true });
    return {
      method,
      url,
      ...(headers.length > 0 && {
        headers: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
      }),
      ...(cookies && { cookies: { ...cookies } }),
      ...(body && { body: Buffer.from(body).toString('utf8') }),
    };
  } catch {
    return { error: true };
  }
});
