// Letters that have no decomposition in Unicode.
const SPELLED: Readonly<Record<string, string>> = { æ: 'ae', Æ: 'Ae', ø: 'o', Ø: 'O', ł: 'l', Ł: 'L' };

/** A name in ASCII words with hyphens, as it stands in an address; letters keep their case. */
export function slug(name: string): string {
  return name
    .replace(/[æÆøØłŁ]/g, (letter) => SPELLED[letter] ?? '')
    .normalize('NFD')
    .replace(/[^\x20-\x7e]|['"]/g, '')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '')
    .join('-');
}
