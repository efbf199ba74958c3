import { createRequire } from 'node:module';
import { MissingPackageError } from '../missing-package-error.ts';

const require = createRequire(import.meta.url);

/** What `@mozilla/readability` finds. */
export interface Article {
  readonly title?: string | null;
  readonly content?: string | null;
  /** Length of its text. */
  readonly length?: number | null;
}

/** As much of an element as a rule of turndown looks at. */
export interface MarkdownNode {
  readonly nodeName: string;
  getAttribute(name: string): string | null;
}

/** As much of turndown as is used. */
export interface Turndown {
  turndown(html: string): string;
  addRule(
    name: string,
    rule: {
      readonly filter: string | readonly string[];
      readonly replacement: (content: string, node: MarkdownNode) => string;
    },
  ): void;
}

/** turndown's class. */
export type TurndownService = new (options: object) => Turndown;

/** What makes Markdown of markup. */
export interface MarkdownPackages {
  readonly Readability: new (document: unknown, options: object) => { parse(): Article | null };
  /** The small parser that comes with Readability; it takes well-formed markup only. */
  readonly JSDOMParser: new () => { parse(markup: string, url: string): unknown };
  readonly TurndownService: TurndownService;
}

const READABILITY = '@mozilla/readability';
const TURNDOWN = 'turndown';

let loaded: MarkdownPackages | undefined;

/**
 * The packages behind `response.markdown()`, loaded at the first call.
 *
 * @throws MissingPackageError when one of them is not installed.
 */
export function markdownPackages(load?: (name: string) => unknown): MarkdownPackages {
  if (load !== undefined) return loadPackages(load);
  loaded ??= loadPackages(require);
  return loaded;
}

function loadPackages(load: (name: string) => unknown): MarkdownPackages {
  try {
    return {
      ...(load(READABILITY) as Pick<MarkdownPackages, 'Readability'>),
      JSDOMParser: load(`${READABILITY}/JSDOMParser.js`) as MarkdownPackages['JSDOMParser'],
      TurndownService: load(TURNDOWN) as TurndownService,
    };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw cause;
    throw new MissingPackageError('response.markdown()', [READABILITY, TURNDOWN], { cause });
  }
}
