import type { Response } from '../../api.ts';

const READ = '[not(ancestor::script or ancestor::style or ancestor::noscript or ancestor::template)]';

/** What a page calls itself, else its first heading; empty where it has neither. */
export function pageTitle(response: Response): string {
  return oneLine(response.css('head title::text').get()) || oneLine([...response.css('h1')][0]?.text);
}

/** The text of a page without scripts, on one line. */
export function pageText(response: Response): string {
  return oneLine(response.xpath(`//body//text()${READ}`).getAll().join(' '));
}

/** A text without breaks and blanks around. */
export function oneLine(text: string | null | undefined): string {
  return (text ?? '').replaceAll(/\s+/g, ' ').trim();
}
