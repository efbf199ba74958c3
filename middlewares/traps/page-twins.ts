import { distance, type SimHash, textHash } from './sim-hash.ts';

const MOST_PAGES = 200_000;
const PAGES_OF_HOST = 1000;
/** Bits in which copies of a page of ordinary length differ at most (Manku, Jain, Das Sarma 2007). */
const MOST_BITS = 3;

interface SeenPage {
  readonly hash: SimHash;
  readonly url: number;
}

/** Knows the last thousand pages of each host, 200,000 in all, and counts those that another one resembles. */
export class PageTwins {
  readonly #hosts = new Map<string, SeenPage[]>();
  #count = 0;

  /** How many pages of the host with other addresses nearly equal this one; notes the page. */
  count(host: string, address: string, hash: SimHash): number {
    const pages = this.#pagesOf(host);
    const url = textHash(address);
    const twins = pages.filter((page) => page.url !== url && distance(page.hash, hash) <= MOST_BITS).length;
    if (!pages.some((page) => page.url === url)) this.#note(pages, { hash, url });
    return twins;
  }

  #note(pages: SeenPage[], page: SeenPage): void {
    pages.push(page);
    if (pages.length > PAGES_OF_HOST) pages.shift();
    else this.#count += 1;
    for (const [host, { length }] of this.#hosts) {
      if (this.#count <= MOST_PAGES) return;
      this.#hosts.delete(host);
      this.#count -= length;
    }
  }

  /** The pages of a host, which is then the last one to be forgotten. */
  #pagesOf(host: string): SeenPage[] {
    const pages = this.#hosts.get(host) ?? [];
    this.#hosts.delete(host);
    this.#hosts.set(host, pages);
    return pages;
  }
}
