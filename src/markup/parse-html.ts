import { parseFlatHtml } from './flat-html.ts';
import { parseGuarded } from './guarded-parser.ts';
import { WorkLimitReached } from './lean-tree.ts';
import type { Document } from './node.ts';

const MAX_STANDARD_LENGTH = 4_000_000;
const MAX_ATTRIBUTES = 500;
const WORK_FLOOR = 30_000_000;
const WORK_PER_CHARACTER = 8;

/**
 * Parses a page by the HTML standard, as a browser without scripting. It never throws, and it can't be made to
 * hold up the process: a page above 4,000,000 characters, or whose nesting would cost too much work, is parsed
 * by simple rules, and of one element's attributes 500 are kept. `document.limit` then says why, and
 * `document.truncated` whether something of the page is missing.
 */
export function parseHtml(text: string): Document {
  if (text.length > MAX_STANDARD_LENGTH) return parseFlatHtml(text, 'size');
  try {
    return parseGuarded(text, {
      maxAttributes: MAX_ATTRIBUTES,
      maxWork: WORK_FLOOR + text.length * WORK_PER_CHARACTER,
    });
  } catch (error) {
    if (error instanceof WorkLimitReached) return parseFlatHtml(text, 'work');
    throw error;
  }
}
