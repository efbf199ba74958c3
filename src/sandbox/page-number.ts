/** A page number as it stands in an address; none is the first page, anything odd is undefined. */
export function pageNumber(text: string | null | undefined): number | undefined {
  if (text === null || text === undefined) return 1;
  return /^[1-9]\d{0,5}$/.test(text) ? Number(text) : undefined;
}
