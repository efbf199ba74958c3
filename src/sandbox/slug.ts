/** A name in ASCII words with hyphens, as it stands in an address; letters keep their case. */
export function slug(name: string): string {
  return name
    .normalize('NFD')
    .replace(/[^\x20-\x7e]|['"]/g, '')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '')
    .join('-');
}
