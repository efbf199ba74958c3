import type { Request } from '../values/request.ts';

/** What pages gave, in order, until one is tried again. */
export class PageNotes<T> {
  #notes: { readonly page: Request; readonly value: T }[] = [];
  readonly #noted = new Set<Request>();

  /** All that counts. */
  get values(): T[] {
    return this.#notes.map(({ value }) => value);
  }

  add(page: Request, value: T): void {
    this.#noted.add(page);
    this.#notes.push({ page, value });
  }

  /** Takes back what a page gave. */
  forget(page: Request): void {
    if (this.#noted.delete(page)) this.#notes = this.#notes.filter((note) => note.page !== page);
  }
}
