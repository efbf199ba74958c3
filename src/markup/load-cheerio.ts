import type { CheerioAPI } from 'cheerio/slim';
import { lazyPackage } from './lazy-package.ts';
import type { Document } from './node.ts';
import { forgetIndex } from './tree-index.ts';

export type { CheerioAPI };

const slim = lazyPackage<typeof import('cheerio/slim')>('cheerio/slim');

const loaded = new WeakMap<Document, CheerioAPI>();

/**
 * cheerio's `$` over the tree of a page, not a copy: what it changes, selectors see. cheerio is loaded at the
 * first call. Its own methods recurse, so that on pages nested thousands deep `.text()` and `.html()` may throw
 * a RangeError; selectors do not.
 */
export function cheerioFor(document: Document): CheerioAPI {
  const known = loaded.get(document);
  if (known !== undefined) return known;
  const $ = slim().load(document as never, document.kind === 'xml' ? { xml: true } : {});
  tellOfChanges($, document);
  loaded.set(document, $);
  return $;
}

const CHANGES = [
  'addClass',
  'after',
  'append',
  'appendTo',
  'attr',
  'before',
  'empty',
  'html',
  'insertAfter',
  'insertBefore',
  'prepend',
  'prependTo',
  'prop',
  'remove',
  'removeAttr',
  'removeClass',
  'replaceWith',
  'text',
  'toggleClass',
  'unwrap',
  'val',
  'wrap',
  'wrapAll',
  'wrapInner',
] as const;

type Method = (this: unknown, ...values: unknown[]) => unknown;

/** `$` has a class of its own: its methods that may change the tree drop the tree's index. */
function tellOfChanges($: CheerioAPI, document: Document): void {
  const methods = $.fn as unknown as Record<string, Method>;
  for (const name of CHANGES) {
    const inherited = methods[name];
    if (inherited === undefined) continue;
    methods[name] = function changing(...values) {
      const result = inherited.apply(this, values);
      forgetIndex(document);
      return result;
    };
  }
}
