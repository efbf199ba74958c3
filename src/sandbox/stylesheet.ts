/** The one style sheet of the site. */
export const STYLESHEET = `:root { color-scheme: light dark; --ink: #222; --paper: #fdfcf9; --line: #ddd6c8; --accent: #8a3b12; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e4da; --paper: #1c1b19; --line: #44403a; --accent: #e59a6b; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 70rem; padding: 0 1rem 3rem; font: 1rem/1.5 Georgia, serif; color: var(--ink); background: var(--paper); }
a { color: var(--accent); }
h1, h2, h3 { font-weight: normal; line-height: 1.2; }
header { border-bottom: 1px solid var(--line); padding: 1rem 0; }
header .h1 a { font-size: 1.6rem; text-decoration: none; }
nav a { margin-right: 1rem; }
.breadcrumb, .pager, .nav, .nav ul, ol.row { list-style: none; padding: 0; }
.breadcrumb li { display: inline; }
.breadcrumb li + li::before { content: " › "; }
.alert { border: 1px solid var(--line); padding: .6rem 1rem; margin: 1rem 0; }
.columns { display: flex; gap: 2rem; align-items: flex-start; }
.columns aside { flex: 0 0 12rem; font-size: .9rem; }
ol.row { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: 1.5rem; }
.product_pod { border: 1px solid var(--line); padding: 1rem; height: 100%; }
.product_pod h3 { font-size: 1rem; min-height: 3rem; margin: .5rem 0; }
img.thumbnail, .thumbnail img { width: 8rem; height: 12rem; image-rendering: pixelated; }
.price_color { color: var(--accent); font-weight: bold; margin: .3rem 0; }
.availability { margin: .3rem 0; font-size: .9rem; }
.star-rating { margin: .3rem 0; }
.star-rating .icon-star::before { content: "☆"; }
.star-rating.One .icon-star:nth-child(-n+1)::before, .star-rating.Two .icon-star:nth-child(-n+2)::before,
.star-rating.Three .icon-star:nth-child(-n+3)::before, .star-rating.Four .icon-star:nth-child(-n+4)::before,
.star-rating.Five .icon-star:nth-child(-n+5)::before { content: "★"; color: #c98a00; }
.pager { display: flex; gap: 2rem; justify-content: center; }
#product_description + p, .author-description { white-space: pre-line; }
table { border-collapse: collapse; }
th, td { border: 1px solid var(--line); padding: .3rem .8rem; text-align: left; }
.quote { border: 1px solid var(--line); padding: 1rem; margin: 1rem 0; }
.quote .text, .quote .content { font-size: 1.15rem; font-style: italic; }
.tag { background: var(--line); border-radius: .3rem; padding: 0 .4rem; text-decoration: none; font-size: .85rem; }
form { margin: 1rem 0; }
input, select, button { font: inherit; padding: .2rem .5rem; }
`;
