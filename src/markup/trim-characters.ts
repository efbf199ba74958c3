/**
 * A text without the given characters at its ends, in linear time. A regular expression such as `/ +$/` begins
 * anew at each blank of a text, which takes a page with a million of them some minutes.
 */
export function trimCharacters(text: string, characters: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && characters.includes(text.charAt(start))) start += 1;
  while (end > start && characters.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}
