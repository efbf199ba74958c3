import type { MarkdownNode, Turndown, TurndownService } from './markdown-packages.ts';

const MOST_SPANNED = 20;
const CELLS: ReadonlySet<string> = new Set(['TD', 'TH']);
const PIPE = /(?<!\\)\|/g;

/**
 * Makes Markdown of markup, with tables and struck text as GitHub has them. What a table costs grows with its size
 * only: the usual plugin counts the columns of the whole table for each cell, which takes minutes for 2,000 rows.
 */
export function markdownConverter(Service: TurndownService): Turndown {
  const converter = new Service({
    headingStyle: 'atx',
    codeBlockStyle: 'fenced',
    bulletListMarker: '-',
    hr: '---',
    emDelimiter: '*',
    blankReplacement: (_content: string, node: MarkdownNode & { readonly isBlock: boolean }) =>
      CELLS.has(node.nodeName) ? cell('', node) : node.isBlock ? '\n\n' : '',
  });
  converter.addRule('struck', { filter: ['del', 's', 'strike'], replacement: (content) => `~~${content}~~` });
  converter.addRule('cell', { filter: ['td', 'th'], replacement: cell });
  converter.addRule('row', { filter: 'tr', replacement: (content) => `\n|${content}\n` });
  converter.addRule('rows', {
    filter: ['thead', 'tbody', 'tfoot'],
    replacement: (content) => `\n${content}\n`,
  });
  converter.addRule('table', { filter: 'table', replacement: (content) => `\n\n${table(content)}\n\n` });
  return converter;
}

function cell(content: string, node: MarkdownNode): string {
  const text = content
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll(PIPE, '\\|');
  const spanned = Number.parseInt(node.getAttribute('colspan') ?? '1', 10);
  const more = Math.min(Math.max((spanned || 1) - 1, 0), MOST_SPANNED);
  return `${text === '' ? '' : ` ${text}`} |${' |'.repeat(more)}`;
}

/** All rows as wide as the widest, the first one as the head; what is no row, such as a caption, above. */
function table(content: string): string {
  const lines = content.split('\n').filter((line) => line.trim() !== '');
  const rows = lines.filter((line) => line.startsWith('|'));
  const others = lines.filter((line) => !line.startsWith('|'));
  const widths = rows.map((row) => (row.match(PIPE)?.length ?? 1) - 1);
  const width = widths.reduce((widest, one) => Math.max(widest, one), 0);
  if (width === 0) return others.join('\n\n');
  // Rows of one very wide table are left as they are: filling them up would multiply its size.
  const filled =
    width > MOST_SPANNED * 2 ? rows : rows.map((row, at) => row + ' |'.repeat(width - (widths[at] ?? 0)));
  const [head = '', ...body] = filled;
  const headWidth = filled === rows ? (widths[0] ?? 0) : width;
  const text = [head, `|${' --- |'.repeat(headWidth)}`, ...body].join('\n');
  return [...others, text].join('\n\n');
}
