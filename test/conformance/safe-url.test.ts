import { safeUrl } from '../../src/values/safe-url.ts';
import { cases } from './load.ts';

cases<{ url: string; encoding?: string }>('safe-url', ({ url, encoding }) => safeUrl(url, { encoding }));
