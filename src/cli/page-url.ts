import { UsageError } from './usage-error.ts';

/**
 * The URL that a word of the command line means: `site.test` is `https://site.test/`, an address of this machine
 * is http.
 *
 * @throws UsageError when it is no http(s) URL.
 */
export function pageUrl(word: string): URL {
  const text = word.trim();
  const hasScheme = /^[a-z][a-z0-9+.-]*:(?!\d)/i.test(text);
  const isLocal = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:|\/|$)/i.test(text);
  const url = /\s/.test(text)
    ? null
    : URL.parse(hasScheme ? text : `${isLocal ? 'http' : 'https'}://${text}`);
  const isName = url !== null && (hasScheme || isLocal || /[.:]/.test(url.host));
  if (url === null || !isName) {
    const hint = /^(?:~|\.{0,2})\//.test(text)
      ? 'It looks like a file: `crawl shell FILE` opens one.'
      : 'Write it in full: https://books.toscrape.com/';
    throw new UsageError(`"${word}" is not a URL`, hint);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new UsageError(
      `"${word}" is not a web page: only http and https are fetched`,
      'Write https://… or http://…',
    );
  }
  return url;
}
