import { metaRefresh } from '../../src/markup/meta-refresh.ts';
import { cases } from './load.ts';

interface Input {
  readonly html: string;
  readonly url: string;
  readonly ignoreTags?: readonly string[];
}

cases<Input>('meta-refresh', ({ html, url, ...options }) => metaRefresh(html, url, options));
