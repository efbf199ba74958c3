import { urlHasAnyExtension, urlIsFromAnyDomain } from '../../src/values/url-domain.ts';
import { cases } from './load.ts';

cases<{ op: 'domain' | 'extension'; url: string; list: string[] }>('url-domain', ({ op, url, list }) =>
  op === 'domain' ? urlIsFromAnyDomain(url, list) : urlHasAnyExtension(url, list),
);
