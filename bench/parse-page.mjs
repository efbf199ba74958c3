/*
 * What reading a real page costs beside cheerio, in one run and on the same pages: `npm run build` first, then
 * `node bench/parse-page.mjs [folder of pages]`. The baseline of each line is `cheerio.load(html)` plus the same
 * question asked of its `$`; `x2.0` is twice as fast. Both sides get text that is decoded already, and have to
 * give the same answer.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from 'cheerio';
import { Selector, scanLinks } from '../dist/scripts/internals.js';

const ROUNDS = 7;
const MAX_PAGES = 100;

const folder = process.argv[2] ?? fileURLToPath(new URL('../../shared/sites/books/site', import.meta.url));
if (!existsSync(folder)) {
  console.error(`There are no pages in ${folder}: name a folder with .html files.`);
  process.exit(1);
}
const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.html'))
  .sort()
  .slice(0, MAX_PAGES)
  .map((path) => readFileSync(join(folder, path), 'utf8'));
const characters = pages.reduce((sum, page) => sum + page.length, 0);

const selector = (text) => new Selector({ text, type: 'html' });
const hrefs = ($) =>
  $('a[href]')
    .toArray()
    .map(({ attribs }) => attribs.href);
const FIELDS = ['h1', 'title', 'p', 'table td', '.price_color', 'ul > li > a', '#content_inner p'];

const QUESTIONS = [
  {
    name: 'parse, css of all links',
    ours: (html) => selector(html).css('a::attr(href)').getAll(),
    theirs: (html) => hrefs(load(html)),
  },
  {
    name: 'parse, xpath of all links',
    ours: (html) => selector(html).xpath('//a/@href').getAll(),
    theirs: (html) => hrefs(load(html)),
  },
  {
    name: 'parse, seven css queries',
    ours: (html) => {
      const page = selector(html);
      return FIELDS.map((query) => page.css(query).length);
    },
    theirs: (html) => {
      const $ = load(html);
      return FIELDS.map((query) => $(query).length);
    },
  },
  {
    name: 'scan all links, no tree',
    ours: (html) => scanLinks(html).flatMap(({ tag, value }) => (tag === 'a' ? [value] : [])),
    theirs: (html) => hrefs(load(html)),
  },
];

console.log(
  `Node ${process.versions.node}, ${pages.length} pages of ${Math.round(characters / pages.length)} characters`,
);
console.log('question                     cheerio ms/page   ours ms/page   ratio (median of rounds)');
for (const { name, ours, theirs } of QUESTIONS) {
  const different = pages.filter((page) => JSON.stringify(ours(page)) !== JSON.stringify(theirs(page)));
  const rounds = Array.from({ length: ROUNDS }, () => ({ theirs: timed(theirs), ours: timed(ours) }));
  const ratio = median(rounds.map((round) => round.theirs / round.ours));
  const row = [
    name.padEnd(28),
    median(rounds.map((round) => round.theirs))
      .toFixed(3)
      .padStart(15),
    median(rounds.map((round) => round.ours))
      .toFixed(3)
      .padStart(14),
    `  x${ratio.toFixed(1)}`,
  ];
  console.log(row.join(' '), different.length === 0 ? '' : `  (answers differ on ${different.length} pages)`);
}

/** Milliseconds a page. */
function timed(ask) {
  const start = performance.now();
  for (const page of pages) ask(page);
  return (performance.now() - start) / pages.length;
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
