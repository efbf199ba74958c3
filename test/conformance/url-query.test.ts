import { addOrReplaceParameters, cleanUrlQuery, urlQueryParameter } from '../../src/values/url-query.ts';
import { cases } from './load.ts';

type Input =
  | { op: 'get'; url: string; name: string; default?: string }
  | {
      op: 'clean';
      url: string;
      parameters: string[];
      remove?: boolean;
      unique?: boolean;
      keepFragments?: boolean;
    }
  | { op: 'set'; url: string; parameters: Record<string, string> };

cases<Input>('url-query', (input) => {
  if (input.op === 'get') return urlQueryParameter(input.url, input.name) ?? input.default ?? null;
  if (input.op === 'clean') return cleanUrlQuery(input.url, input.parameters, input);
  return addOrReplaceParameters(input.url, input.parameters);
});
