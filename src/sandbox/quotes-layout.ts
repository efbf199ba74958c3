import { type Content, type Html, html } from './html.ts';

/** A page of the quotes area around its content; `user` is who is logged in, or ''. */
export function quotesLayout(user: string, content: Content): Html {
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<title>Quotes | Orbweaver sandbox</title>
<meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/static/style.css">
</head>
<body>
<div class="container">
<header class="row header-box">
<div class="col-md-8 h1"><a href="/quotes/" style="text-decoration: none">Quotes of the sandbox</a></div>
<div class="col-md-4"><p>
${user === '' ? html`<a href="/quotes/login">Login</a>` : html`<a href="/quotes/logout">Logout</a>`}
</p></div>
</header>
${content}
</div>
<footer class="footer"><div class="container"><p class="text-muted"><small>Nobody real said any of this. <a href="/">The shop</a></small></p></div></footer>
</body>
</html>
`;
}

/** Links to the pages before and after. */
export function quotesPager(pathOf: (page: number) => string, number: number, last: number): Html {
  return html`<nav>
<ul class="pager">
${number > 1 ? html`<li class="previous"><a href="${pathOf(number - 1)}"><span aria-hidden="true">&larr;</span> Previous</a></li>\n` : undefined}${number < last ? html`<li class="next"><a href="${pathOf(number + 1)}">Next <span aria-hidden="true">&rarr;</span></a></li>\n` : undefined}</ul>
</nav>`;
}
