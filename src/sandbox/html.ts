/** A piece of a page that needs no more escaping. */
export interface Html {
  readonly html: string;
}

/** What may stand in the gaps of an `html` template. Text is escaped; lists are joined; undefined is nothing. */
export type Content = Html | string | number | undefined | readonly Content[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text with its five special characters escaped, for HTML and XML. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** Markup with its gaps filled. */
export function html(parts: TemplateStringsArray, ...gaps: readonly Content[]): Html {
  let text = parts[0] ?? '';
  gaps.forEach((gap, index) => {
    text += filled(gap) + (parts[index + 1] ?? '');
  });
  return { html: text };
}

/** Markup as it is. */
export function raw(text: string): Html {
  return { html: text };
}

function filled(gap: Content): string {
  if (gap === undefined) return '';
  if (typeof gap === 'object') return 'html' in gap ? gap.html : gap.map(filled).join('');
  return escaped(String(gap));
}
