import { type Document, type Element, isElement, type TreeNode } from '../node.ts';
import { textContent, walk } from '../text-content.ts';
import { markdownConverter } from './markdown-converter.ts';
import { type MarkdownPackages, markdownPackages, type Turndown } from './markdown-packages.ts';
import { escapeMarkup, type ReadableBounds, readableMarkup } from './readable-markup.ts';

/** How a page is turned into Markdown. */
export interface MarkdownOptions {
  /** The whole page with its navigation, instead of its main content. @defaultValue `false` */
  readonly whole?: boolean | undefined;
  /** Most characters; what is longer is cut at the end of a line. @minimum `1` @defaultValue `1_000_000` */
  readonly maxLength?: number | undefined;
}

const LONGEST = 1_000_000;
/** The choice of the main content weighs every element against those around it. */
const BOUNDS: ReadableBounds = { maxElements: 12_000, maxDepth: 48, maxCharacters: 500_000 };
/** Less is no article: a menu, a notice, one product of a list. */
const SHORTEST_ARTICLE = 250;
const LONGEST_TITLE = 300;
/** A longer line is cut within. */
const LONGEST_CUT = 1000;
const HALF_CHARACTER = /[\ud800-\udbff]$/;
const AROUND_CONTENT: ReadonlySet<string> = new Set(['aside', 'footer', 'form', 'nav']);
const NOTHING_LESS: ReadonlySet<string> = new Set();

/**
 * A page as Markdown: its main content as a reader view would show it, else, where nothing looks like an article,
 * `<main>` or the body without what stands around. Links are absolute; scripts, forms and hidden elements are gone.
 *
 * @throws MissingPackageError when the packages for it are not installed.
 */
export function toMarkdown(
  document: Document,
  baseUrl: string,
  { whole = false, maxLength = LONGEST }: MarkdownOptions = {},
): string {
  const packages = markdownPackages();
  const title = titleOf(document);
  const article = whole ? undefined : articleOf(document, title, baseUrl, packages);
  const region = whole ? document : mainRegion(document);
  const without = whole ? NOTHING_LESS : AROUND_CONTENT;
  const markup = article ?? readableMarkup(region, { baseUrl, bounds: BOUNDS, without });
  const body = converter(packages).turndown(markup).trim();
  const text = title === '' || hasTitle(body, article !== undefined) ? body : `# ${title}\n\n${body}`;
  return cut(text.trim(), maxLength);
}

/** The main content as markup; undefined where there is hardly any. */
function articleOf(
  document: Document,
  title: string,
  baseUrl: string,
  { Readability, JSDOMParser }: MarkdownPackages,
): string | undefined {
  const body = readableMarkup(document, { baseUrl, bounds: BOUNDS });
  // A heading that says what the title says is left out of the content.
  const head = `<head><title>${escapeMarkup(title)}</title></head>`;
  const page = new JSDOMParser().parse(`<html>${head}${rooted(body)}</html>`, baseUrl);
  const article = new Readability(page, { disableJSONLD: true, keepClasses: true }).parse();
  const { content, length } = article ?? {};
  if (typeof content !== 'string' || (length ?? 0) < SHORTEST_ARTICLE) return undefined;
  return isTornTable(content) ? undefined : content;
}

/** Whether rows were taken for the content without the table around them. */
function isTornTable(content: string): boolean {
  const row = content.search(/<(?:tbody|thead|tr|td|th)[\s>]/);
  return row >= 0 && !content.slice(0, row).includes('<table');
}

/** The markup has the tags of the page itself, `<html>` among them. */
function rooted(markup: string): string {
  return /^<html[^>]*>([\s\S]*)<\/html>\s*$/.exec(markup)?.[1] ?? `<body>${markup}</body>`;
}

function mainRegion(document: Document): TreeNode {
  let body: Element | undefined;
  const articles: Element[] = [];
  for (const node of walk(document)) {
    if (!isElement(node)) continue;
    if (node.name === 'main' || node.attribs.role === 'main') return node;
    if (node.name === 'article') articles.push(node);
    if (node.name === 'body') body ??= node;
  }
  const [only] = articles;
  return (articles.length === 1 ? only : body) ?? document;
}

/** The only heading of the first level, else what the page calls itself. */
function titleOf(document: Document): string {
  const headings: Element[] = [];
  let title: Element | undefined;
  for (const node of walk(document)) {
    if (!isElement(node)) continue;
    if (node.name === 'h1') headings.push(node);
    if (node.name === 'title') title ??= node;
  }
  const heading = headings.length === 1 && headings[0] !== undefined ? oneLine(headings[0]) : '';
  return heading === '' && title !== undefined ? oneLine(title) : heading;
}

function oneLine(element: Element): string {
  const text = textContent(element).slice(0, LONGEST_TITLE * 10);
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST_TITLE);
}

/** A reader view makes second-level headings of the first-level ones, and takes the title out. */
function hasTitle(body: string, isArticle: boolean): boolean {
  return !isArticle && /^# /m.test(body);
}

let made: Turndown | undefined;

function converter({ TurndownService }: MarkdownPackages): Turndown {
  made ??= markdownConverter(TurndownService);
  return made;
}

function cut(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const line = text.lastIndexOf('\n', maxLength);
  const end = line > maxLength - LONGEST_CUT ? line : maxLength;
  return text.slice(0, end).replace(HALF_CHARACTER, '').trimEnd();
}
