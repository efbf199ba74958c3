import { Random } from './random.ts';
import { slug } from './slug.ts';
import { ADJECTIVES, CATEGORIES, DEEDS, PEOPLE, PLACES, THINGS, TRADES, VERDICTS } from './vocabulary.ts';

/** One book of the shop. */
export interface Product {
  /** 1 to 1,000; two books may share a title, never an id. */
  readonly id: number;
  readonly title: string;
  /** In pounds, with tax; there is none. */
  readonly price: number;
  readonly currency: 'GBP';
  readonly tax: number;
  /** Name of its category. */
  readonly category: string;
  /** 1 to 5 stars. */
  readonly rating: number;
  /** Copies that can be had, at least one. */
  readonly stock: number;
  readonly reviews: number;
  /** 16 hexadecimal digits. */
  readonly upc: string;
  /** Several sentences, often with line breaks; empty for a few. */
  readonly description: string;
  /** When the book's page last changed, ISO 8601. */
  readonly updatedAt: string;
}

/** A shelf of the shop. */
export interface Category {
  /** As it stands in addresses: 2 to 51, for 1 is the shop itself. */
  readonly number: number;
  readonly name: string;
  readonly products: readonly Product[];
}

const COUNT = 1000;
const OPENING_DAY = Date.UTC(2024, 0, 1);
const THREE_HOURS = 3 * 3600 * 1000;

let shelf: readonly Product[] | undefined;
let sorted: readonly Category[] | undefined;

/** All 1,000 books, by id. The same in every run. */
export function products(): readonly Product[] {
  shelf ??= makeProducts();
  return shelf;
}

/** The 50 categories with their books. */
export function categories(): readonly Category[] {
  sorted ??= CATEGORIES.map((name, index) => ({
    number: index + 2,
    name,
    products: products().filter((product) => product.category === name),
  }));
  return sorted;
}

/** Where a book's page is. */
export function productPath({ id, title }: Product): string {
  return `/catalogue/${slug(title).toLowerCase()}_${id}/index.html`;
}

/** Where a page of a category is. */
export function categoryPath({ name, number }: Category, page = 1): string {
  const file = page === 1 ? 'index' : `page-${page}`;
  return `/catalogue/category/books/${slug(name).toLowerCase()}_${number}/${file}.html`;
}

/** An amount as the shop prints it: `£51.77`. */
export function printedPrice(pounds: number): string {
  return `£${pounds.toFixed(2)}`;
}

function makeProducts(): readonly Product[] {
  const made: Product[] = [];
  const titles = new Set<string>();
  for (let id = 1; id <= COUNT; id++) {
    const random = new Random(id);
    const title = id === COUNT ? (made[0]?.title ?? '') : unusedTitle(random, titles);
    titles.add(title);
    made.push(makeProduct(id, title, random));
  }
  return made;
}

function makeProduct(id: number, title: string, random: Random): Product {
  return {
    id,
    title,
    price: random.integer(1000, 5999) / 100,
    currency: 'GBP',
    tax: 0,
    category: categoryFor(random),
    rating: random.integer(1, 5),
    stock: random.integer(1, 22),
    reviews: random.chance(60) ? 0 : random.integer(1, 30),
    upc: random.hex(16),
    description: id % 250 === 7 ? '' : description(random),
    updatedAt: new Date(OPENING_DAY + id * THREE_HOURS).toISOString(),
  };
}

/** The first categories are much fuller than the last, so that some have many pages and some have one. */
function categoryFor(random: Random): string {
  const place = random.integer(0, 999) / 1000;
  return CATEGORIES[Math.floor(place * place * CATEGORIES.length)] as string;
}

function unusedTitle(random: Random, used: ReadonlySet<string>): string {
  let title = makeTitle(random);
  for (let volume = 2; used.has(title); volume++) title = `${makeTitle(random)}, Volume ${volume}`;
  return title;
}

function makeTitle(random: Random): string {
  const adjective = random.pick(ADJECTIVES);
  const [thing = '', other = ''] = random.sample(THINGS, 2);
  const place = random.pick(PLACES);
  const person = random.pick(PEOPLE);
  return random.pick([
    `The ${adjective} ${thing}`,
    `${thing} & ${other}`,
    `The ${thing} of ${place}`,
    `${person}'s ${adjective} ${thing}`,
    `The "${adjective}" ${thing}: A Novel in ${random.integer(2, 40)} Chapters`,
    `From ${place}, with ${thing} and ${other}`,
    `How ${person} Lost the ${adjective} ${thing} (${thing} Tales #${random.integer(1, 9)})`,
    `${adjective} ${thing}, ${adjective} ${other}`,
  ]);
}

function description(random: Random): string {
  const sentence = () => `In ${random.pick(PLACES)}, ${random.pick(TRADES)} ${random.pick(DEEDS)}.`;
  const paragraphs = Array.from({ length: random.integer(1, 3) }, () =>
    [...Array.from({ length: random.integer(1, 4) }, sentence), random.pick(VERDICTS)].join(' '),
  );
  return paragraphs.join(random.pick(['\n', '\n\n']));
}
