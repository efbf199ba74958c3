import { type Element, isElement, type TreeNode } from '../node.ts';
import { walk } from '../text-content.ts';

const PARTS: ReadonlySet<string> = new Set(['caption', 'tbody', 'td', 'tfoot', 'th', 'thead', 'tr']);

/**
 * The tables that only place things on the page, with their rows and cells: those with tables in them, of one column,
 * or said to be so.
 */
export function layoutTables(root: TreeNode): ReadonlySet<Element> {
  const layout = new Set<Element>();
  const columns = new Map<Element, number>();
  let row: Element | undefined;
  for (const node of walk(root)) {
    if (!isElement(node)) continue;
    if (node.name === 'table') {
      columns.set(node, 0);
      const outer = tableAround(node);
      if (outer !== undefined) layout.add(outer);
      if (node.attribs.role === 'presentation' || node.attribs.role === 'none') layout.add(node);
    } else if (node.name === 'td' || node.name === 'th') {
      // The second cell of a row tells: it is no list of blocks.
      const isSecond = row !== undefined && row === node.parent;
      const table = isSecond ? tableAround(node) : undefined;
      if (table !== undefined) columns.set(table, 2);
      row = node.parent !== null && isElement(node.parent) ? node.parent : undefined;
    }
  }
  for (const [table, count] of columns) if (count < 2) layout.add(table);
  for (const node of layout.size === 0 ? [] : walk(root)) {
    if (!isElement(node) || !PARTS.has(node.name)) continue;
    const table = tableAround(node);
    if (table !== undefined && layout.has(table)) layout.add(node);
  }
  return layout;
}

function tableAround(element: Element): Element | undefined {
  let above = element.parent;
  while (above !== null && isElement(above) && above.name !== 'table') above = above.parent;
  return above !== null && isElement(above) ? above : undefined;
}
