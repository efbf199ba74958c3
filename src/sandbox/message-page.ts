import { type Answer, page } from './answer.ts';
import { html } from './html.ts';
import { shopLayout } from './shop-layout.ts';

/** A page that says one thing, such as that there is no such page. */
export function messagePage(status: number, title: string, text: string): Answer {
  return page(shopLayout(undefined, title, html`<h1>${title}</h1>\n<p>${text}</p>`), { status });
}
