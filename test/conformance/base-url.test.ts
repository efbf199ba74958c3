import { baseUrl } from '../../src/markup/base-url.ts';
import { cases } from './load.ts';

cases<{ readonly html: string; readonly url: string }>('base-url', ({ html, url }) => baseUrl(html, url));
