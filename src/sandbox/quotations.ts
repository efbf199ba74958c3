import { Random } from './random.ts';
import { slug } from './slug.ts';
import {
  AFTERTHOUGHTS,
  CLAIMS,
  DEEDS,
  FAMILIES,
  MONTHS,
  PEOPLE,
  TAGS,
  TOWNS,
  TRADES,
  VERDICTS,
  VIRTUES,
} from './vocabulary.ts';

/** Someone who said something; nobody real. */
export interface Author {
  readonly name: string;
  /** As it stands in addresses. */
  readonly slug: string;
  /** As printed: `March 4, 1871`. */
  readonly bornDate: string;
  /** As printed: `in Galway, Ireland`. */
  readonly bornLocation: string;
  readonly description: string;
}

/** Something that was said. */
export interface Quote {
  /** As printed, within “curly” quotation marks. */
  readonly text: string;
  readonly author: Author;
  /** None to five. */
  readonly tags: readonly string[];
}

const AUTHORS = 40;
const QUOTES = 100;

let people: readonly Author[] | undefined;
let sayings: readonly Quote[] | undefined;

/** All 40 authors. The same in every run. */
export function authors(): readonly Author[] {
  people ??= Array.from({ length: AUTHORS }, (_, index) => makeAuthor(index));
  return people;
}

/** All 100 quotes, in page order. The same in every run. */
export function quotes(): readonly Quote[] {
  sayings ??= makeQuotes();
  return sayings;
}

/** The quotes that bear a tag, or all, in page order. */
export function quotesTagged(tag: string | undefined): readonly Quote[] {
  return tag === undefined ? quotes() : quotes().filter(({ tags }) => tags.includes(tag));
}

function makeAuthor(index: number): Author {
  const random = new Random(10_000 + index);
  const first = PEOPLE[index % PEOPLE.length];
  const family = FAMILIES[(index * 7 + Math.floor(index / PEOPLE.length)) % FAMILIES.length];
  const name = `${first} ${family}`;
  const month = random.pick(MONTHS);
  const day = String(random.integer(1, 28)).padStart(2, '0');
  return {
    name,
    slug: slug(name),
    bornDate: `${month} ${day}, ${random.integer(1790, 1975)}`,
    bornLocation: `in ${random.pick(TOWNS)}`,
    description: [
      `${name} grew up next door to ${random.pick(TRADES)}, who every summer ${random.pick(DEEDS)}.`,
      `Later work concerns ${random.pick(TRADES)}. ${random.pick(VERDICTS)}`,
    ].join('\n'),
  };
}

function makeQuotes(): readonly Quote[] {
  const made: Quote[] = [];
  const texts = new Set<string>();
  for (let index = 0; index < QUOTES; index++) {
    const random = new Random(20_000 + index);
    const virtue = VIRTUES[index % VIRTUES.length];
    let text = '';
    do text = `“${virtue} ${random.pick(CLAIMS)}${random.pick(AFTERTHOUGHTS)}.”`;
    while (texts.has(text));
    texts.add(text);
    // Two in five are dealt out so that every author has one; the rest is chance.
    const dealt = index % 5 < 2;
    const place = dealt ? Math.floor(index / 5) * 2 + (index % 5) : random.integer(0, AUTHORS - 1);
    const author = authors()[place] as Author;
    made.push({ text, author, tags: random.chance(5) ? [] : random.sample(TAGS, random.integer(1, 5)) });
  }
  return made;
}
