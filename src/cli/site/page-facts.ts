import type { Response, Selector } from '../../api.ts';

type PageNode = NonNullable<Selector['document']>['children'][number];

/** Elements whose text nobody reads on the page. */
const UNREAD: ReadonlySet<string> = new Set(['head', 'script', 'style', 'noscript', 'template']);

/** What a page calls itself, else its first heading; empty where it has neither. */
export function pageTitle(response: Response): string {
  return oneLine(response.css('head title::text').get()) || oneLine([...response.css('h1')][0]?.text);
}

/** The text of a page without its head and scripts, on one line. */
export function pageText(response: Response): string {
  const texts: string[] = [];
  // A walk of one's own: XPath would look at the ancestors of each text, and a deep page has many.
  const waiting: PageNode[] = response.selector.document?.children.toReversed() ?? [];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.type === 'text') texts.push(node.data);
    if (!('children' in node) || UNREAD.has(node.name)) continue;
    for (let at = node.children.length - 1; at >= 0; at -= 1) waiting.push(node.children[at] as PageNode);
  }
  return oneLine(texts.join(' '));
}

/** A text without breaks and blanks around. */
export function oneLine(text: string | null | undefined): string {
  return (text ?? '').replaceAll(/\s+/g, ' ').trim();
}
