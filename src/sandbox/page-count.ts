/** How many pages a list of so many things has: at least one. */
export function pageCount(things: number, size: number): number {
  return Math.max(1, Math.ceil(things / size));
}
