import { Selector, SelectorError } from '../../api.ts';
import { UsageError } from '../usage-error.ts';

/** A field of an item, and where it is found on a page. */
export interface Selection {
  readonly name: string;
  readonly css: string;
  /** All that are found, and not only the first. */
  readonly isList: boolean;
}

/**
 * Reads `--select NAME=CSS` and `--select NAME[]=CSS`.
 *
 * @throws UsageError on a query that cannot be read, or a name that is given twice.
 */
export function selections(words: readonly string[]): Selection[] {
  const empty = new Selector({ text: '<p></p>', type: 'html' });
  const names = new Set<string>();
  return words.map((word) => {
    const [, name = '', list, css = ''] = /^([^=[\]]+)(\[\])?=(.+)$/s.exec(word) ?? [];
    if (name.trim() === '')
      throw new UsageError(
        `--select ${word}: expected NAME=CSS`,
        "For example --select 'price=.price::text'",
      );
    if (names.has(name)) throw new UsageError(`--select names the field "${name}" twice`);
    names.add(name);
    try {
      empty.css(css);
    } catch (error) {
      if (error instanceof SelectorError) throw new UsageError(`--select ${name}: ${error.message}`);
      throw error;
    }
    return { name, css, isList: list !== undefined };
  });
}

/** What a field's query finds: texts without blanks around, of elements all text within. */
export function selected(page: Pick<Selector, 'css'>, { css, isList }: Selection): string | string[] | null {
  const values = [...page.css(css)].map((one) => clean(one.isElement ? one.text : String(one.get() ?? '')));
  return isList ? values : (values[0] ?? null);
}

function clean(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
