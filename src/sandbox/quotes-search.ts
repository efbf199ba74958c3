import { type Answer, page, type Visit } from './answer.ts';
import { type Html, html } from './html.ts';
import { authors, quotes } from './quotations.ts';
import { quotesLayout } from './quotes-layout.ts';
import type { Sealer } from './sealer.ts';

const BLANK = '----------';

/** The search in two steps: an author first, which gives the tags to choose from, then a tag. */
export function quotesSearch(sealer: Sealer): Answer {
  return searchForm(sealer, '', [], []);
}

/** What the search form is sent to; it must bring the view state of the step before. */
export function quotesFilter({ form }: Visit, sealer: Sealer): Answer {
  if (sealer.open(form.get('__VIEWSTATE') ?? '') === undefined) {
    return page(quotesLayout('', html`<p class="error">The view state is missing or not ours.</p>`), {
      status: 400,
    });
  }
  const name = form.get('author') ?? '';
  const said = quotes().filter((quote) => quote.author.name === name);
  const tags = [...new Set(said.flatMap((quote) => quote.tags))].sort();
  const tag = form.get('tag') ?? '';
  const found = said.filter((quote) => quote.tags.includes(tag));
  const results = found.map(
    ({ text, author }) => html`<div class="quote">
<span class="content">${text}</span>
<span class="author">${author.name}</span>
<span class="tag">${tag}</span>
</div>
`,
  );
  return searchForm(sealer, name, tags, results);
}

function searchForm(
  sealer: Sealer,
  author: string,
  tags: readonly string[],
  results: readonly Html[],
): Answer {
  const content = html`<form name="filterform" id="filterform" action="/quotes/filter.aspx" method="post">
<p><label for="author">Author</label>
<select name="author" id="author" onchange="document.getElementById('filterform').submit()">
<option>${BLANK}</option>
${authors().map(({ name }) => html`<option value="${name}"${name === author ? html` selected` : undefined}>${name}</option>\n`)}</select></p>
<p><label for="tag">Tag</label>
<select name="tag" id="tag">
<option>${BLANK}</option>
${tags.map((tag) => html`<option value="${tag}">${tag}</option>\n`)}</select></p>
<input type="submit" name="submit_button" value="Search">
<input type="hidden" name="__VIEWSTATE" id="__VIEWSTATE" value="${sealer.seal(author)}">
</form>
<div class="results">
${results}</div>`;
  return page(quotesLayout('', content));
}
