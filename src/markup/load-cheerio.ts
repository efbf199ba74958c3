import type { CheerioAPI } from 'cheerio/slim';
import { lazyPackage } from './lazy-package.ts';
import type { Document, TreeNode } from './node.ts';
import { textContent } from './text-content.ts';
import { forgetIndex } from './tree-index.ts';

export type { CheerioAPI };

const slim = lazyPackage<typeof import('cheerio/slim')>('cheerio/slim');

const loaded = new WeakMap<Document, CheerioAPI>();

/**
 * cheerio's `$` over the tree of a page, not a copy: what it changes, selectors see. cheerio is loaded at the
 * first call. Its own methods recurse, so that on pages nested thousands deep `.html()` may throw a RangeError;
 * selectors and `.text()` do not.
 */
export function cheerioFor(document: Document): CheerioAPI {
  const known = loaded.get(document);
  if (known !== undefined) return known;
  const $ = slim().load(document as never, document.kind === 'xml' ? { xml: true } : {});
  readTextInOneWalk($);
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

/** cheerio copies the text of an element once for each level that it is deep: seconds, on a page made for it. */
function readTextInOneWalk($: CheerioAPI): void {
  const methods = $.fn as unknown as Record<string, Method>;
  const inherited = methods.text;
  methods.text = function text(this: { toArray(): TreeNode[] }, ...values: unknown[]) {
    if (values[0] !== undefined) return inherited?.apply(this, values);
    const readable = this.toArray().filter((node) => node.type === 'text' || 'children' in node);
    return readable.map(textContent).join('');
  } as Method;
}

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
