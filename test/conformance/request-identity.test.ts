import { fingerprint } from '../../src/values/fingerprint.ts';
import { Request } from '../../src/values/request.ts';
import { cases } from './load.ts';

interface Asked {
  url: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

cases<{ a: Asked; b: Asked; options: { headers?: string[]; keepFragments?: boolean } }>(
  'request-identity',
  ({ a, b, options: { headers: includeHeaders, keepFragments } }) => {
    const identity = ({ url, ...options }: Asked): string =>
      fingerprint(new Request(url, options), {
        ...(includeHeaders && { includeHeaders }),
        ...(keepFragments !== undefined && { keepFragments }),
      });
    return identity(a) === identity(b);
  },
);
