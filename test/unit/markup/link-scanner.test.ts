import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { scanLinks } from '../../../src/markup/link-scanner.ts';
import { isElement } from '../../../src/markup/node.ts';
import { parseHtml } from '../../../src/markup/parse-html.ts';
import { walk } from '../../../src/markup/text-content.ts';
import { seeded } from '../../support/seeded.ts';

interface SeenLink {
  readonly tag: string;
  readonly value: string;
}

/** The links that the tree has. */
function treeLinks(html: string): SeenLink[] {
  return [...walk(parseHtml(html))].flatMap((node) =>
    isElement(node) && (node.name === 'a' || node.name === 'area') && node.attribs.href !== undefined
      ? [{ tag: node.name, value: node.attribs.href }]
      : [],
  );
}

/** Each link once: where tags are nested wrongly, the tree has some of them twice. */
const once = (links: readonly SeenLink[]): string =>
  [...new Set(links.map(({ tag, value }) => `${tag} ${value}`))].sort().join('\n');
const isSame = (html: string): boolean => once(scanLinks(html)) === once(treeLinks(html));
const hrefs = (html: string): string[] => scanLinks(html).map(({ value }) => value);

describe('scanLinks', () => {
  it.each([
    ['links of a and area', '<a href=1>x</a><area href="2"><link href=3>', ['1', '2']],
    ['character references', '<a href="/a?b=1&amp;c=2&copy">x</a>', ['/a?b=1&c=2©']],
    ['the first of two attributes of a name', '<a href=1 href=2>', ['1']],
    [
      'no links of comments, scripts and text areas',
      '<!--<a href=1>--><script>"<a href=2>"</script><textarea><a href=3></textarea>',
      [],
    ],
    [
      'links of noscript and template',
      '<noscript><a href=1></a></noscript><template><a href=2></a></template>',
      ['1', '2'],
    ],
    ['links of a tag that never closes its quotes', '<a href="1>x</a>', []],
  ])('finds %s', (_what, html, wanted) => {
    expect(hrefs(html)).toEqual(wanted);
  });

  it('gathers the whole text of a link', () => {
    const [link] = scanLinks('<a href=1> a<b>b</b><!-- c -->&amp;<i>d</i></a>', { text: true });
    expect(link?.text).toBe(' ab&d');
  });
});

const PIECES = [
  '<a href=x>',
  '</a>',
  '<a href="y z">',
  "<area href='q'>",
  '<p>',
  '</p>',
  '<table>',
  '<tr><td>',
  '</table>',
  '<select>',
  '<option>',
  '</select>',
  '<textarea>',
  '</textarea>',
  '<script>',
  '</script>',
  '<style>',
  '</style>',
  '<!--',
  '-->',
  '<svg>',
  '</svg>',
  '<math>',
  '<title>',
  '</title>',
  '<noscript>',
  '</noscript>',
  '<template>',
  '</template>',
  '<b>',
  '</b>',
  '<div',
  '>',
  '"',
  "'",
  '=',
  '<',
  '/>',
  '&amp;',
  '&lt',
  'text',
  '<![CDATA[',
  ']]>',
  '<iframe>',
  '</iframe>',
  '<plaintext>',
  '<br>',
  '<form>',
  '</form>',
  '<body>',
  '</html>',
  '<head>',
  '<base href=/b/>',
  '<li>',
  '</ul>',
  '\0',
];

describe('scanLinks beside the tree', () => {
  it('finds the same links in ten thousand broken pages', () => {
    const random = seeded(1);
    const different: string[] = [];
    for (let count = 0; count < 10_000; count++) {
      const length = 1 + Math.floor(random() * 14);
      const html = Array.from({ length }, () => PIECES[Math.floor(random() * PIECES.length)]).join('');
      if (!isSame(html)) different.push(html);
    }
    expect(different).toEqual([]);
  });

  const sites = process.env.SITES_DIR ?? fileURLToPath(new URL('../../../../shared/sites', import.meta.url));
  const isThere = existsSync(sites);
  if (!isThere) console.warn(`real pages: skipped, ${sites} is not there (set SITES_DIR)`);

  it.skipIf(!isThere)('finds the same links in real pages, whole and damaged', () => {
    const random = seeded(2);
    const different: string[] = [];
    for (const file of pagesBelow(`${sites}/books/site`)) {
      const html = readFileSync(file, 'utf8');
      for (const page of [html, damaged(html, random)]) {
        if (!isSame(page)) different.push(file);
      }
    }
    expect(different).toEqual([]);
  });
});

function pagesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.html'))
    .map((path) => `${folder}/${path}`);
}

/** The page with characters lost, doubled and replaced. */
function damaged(html: string, random: () => number): string {
  let text = html;
  for (let count = 0; count < 20; count++) {
    const at = Math.floor(random() * text.length);
    const piece = PIECES[Math.floor(random() * PIECES.length)] ?? '';
    text = text.slice(0, at) + piece + text.slice(at + Math.floor(random() * 4));
  }
  return text;
}
