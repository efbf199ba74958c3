// What the spiders export for each page, so that the checkers can compare every field with what it must be.

/** Pages of the site. */
export const PAGES = 2000;

/** The page that `deadly.ts` dies of. */
export const DEADLY_ID = 777;

const AWKWARD = [
  'a, b,, c',
  'she said "stop", twice: ""',
  'first line\nsecond line\r\nthird line',
  'Grüße aus Ærøskøbing – 東京, Δοκιμή, 🕷️',
  '<a href="/x?a=1&b=2">tags & entities</a>',
  'plain words',
  'tab\there; semicolon',
];

/** Fields of every record of page `id`. */
export function pageItem(id) {
  return {
    id,
    title: `page ${id}`,
    text: AWKWARD[id % AWKWARD.length],
    note: `${'x'.repeat(id % 60)} "${id}",\n${AWKWARD[(id * 7 + 3) % AWKWARD.length]}`,
  };
}

/** As `pageItem`, with fields that only some pages have; new ones come up until late in the crawl. */
export function variedItem(id) {
  const item = pageItem(id);
  if (id % 3 === 0) item.third = `every third, ${id}`;
  if (id % 11 === 5) item.rare = AWKWARD[id % AWKWARD.length];
  item[`group_${id % 23}`] = `g${id}`;
  return item;
}
