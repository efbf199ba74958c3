import { type Content, type Html, html } from './html.ts';
import { relativeLink } from './relative-link.ts';

/** Name of the site. */
export const SITE_NAME = 'Orbweaver sandbox';

/** A page of the shop around its content; without a path, for it may stand anywhere, its links are from the root. */
export function shopLayout(path: string | undefined, title: string, content: Content): Html {
  const to = (target: string) => (path === undefined ? target : relativeLink(path, target));
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${title === SITE_NAME ? SITE_NAME : `${title} | ${SITE_NAME}`}</title>
<meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${to('/static/style.css')}">
</head>
<body id="default" class="default">
<header class="header container-fluid">
<div class="h1"><a href="${to('/index.html')}">${SITE_NAME}</a> <small>a practice shop that likes to be crawled</small></div>
<nav><a href="${to('/about.html')}">About</a> <a href="${to('/search')}">Search</a> <a href="/quotes/">Quotes</a></nav>
</header>
<div class="container-fluid page">
<div class="page_inner">
${content}
</div>
</div>
<footer class="footer container-fluid"><small>Every book, price and quote here is invented.</small></footer>
</body>
</html>
`;
}

/** The way from the home page to here: names with the paths they lead to, the last one without. */
export function breadcrumb(path: string, steps: readonly (readonly [string, string])[], here: string): Html {
  return html`<ul class="breadcrumb">
${steps.map(([name, target]) => html`<li><a href="${relativeLink(path, target)}">${name}</a></li>\n`)}<li class="active">${here}</li>
</ul>`;
}
