import { type Answer, page } from './answer.ts';
import { html, raw } from './html.ts';
import { pageCount } from './page-count.ts';
import { quotes } from './quotations.ts';
import { quoteData } from './quotes-api.ts';
import { quotesLayout, quotesPager } from './quotes-layout.ts';
import { QUOTES_PER_PAGE } from './quotes-pages.ts';

const SHOW_QUOTES = `
function element(parent, name, className, text) {
    const made = document.createElement(name);
    made.className = className;
    made.textContent = text;
    parent.append(made, ' ');
    return made;
}
function show(quotes) {
    const list = document.getElementById('quotes');
    for (const quote of quotes) {
        const box = element(list, 'div', 'quote', '');
        element(box, 'span', 'text', quote.text);
        element(element(box, 'span', '', 'by '), 'small', 'author', quote.author.name);
        const tags = element(box, 'div', 'tags', 'Tags: ');
        for (const tag of quote.tags) element(tags, 'a', 'tag', tag);
    }
}
`;

const LOAD_MORE = `
let next = 1;
let loading = false;
async function more() {
    if (loading || next === 0) return;
    if (window.innerHeight + window.scrollY < document.body.offsetHeight - 300) return;
    loading = true;
    const answer = await (await fetch('/quotes/api/quotes?page=' + next)).json();
    show(answer.quotes);
    next = answer.has_next ? answer.page + 1 : 0;
    loading = false;
    more();
}
window.addEventListener('scroll', more);
more();
`;

/** A page whose quotes are data in a script: without JavaScript there is no quote element. */
export function scriptedQuotesPage(number: number): Answer {
  const last = pageCount(quotes().length, QUOTES_PER_PAGE);
  const shown = quotes().slice((number - 1) * QUOTES_PER_PAGE, number * QUOTES_PER_PAGE);
  const data = JSON.stringify(shown.map(quoteData), undefined, 4).replaceAll('<', '\\u003c');
  const content = html`<div id="quotes"></div>
<script>
    var data = ${raw(data)};
${raw(SHOW_QUOTES)}show(data);
</script>
<noscript><p>This page needs JavaScript.</p></noscript>
${quotesPager((at) => `/quotes/js/page/${at}/`, number, last)}`;
  return page(quotesLayout('', content));
}

/** A page that loads its quotes from the API while its reader scrolls down. */
export function scrollingQuotesPage(): Answer {
  const content = html`<div id="quotes"></div>
<script>
${raw(SHOW_QUOTES)}${raw(LOAD_MORE)}</script>
<noscript><p>This page needs JavaScript.</p></noscript>`;
  return page(quotesLayout('', content));
}
