/** A character as JSON writes it in ASCII: one `\uXXXX` for each UTF-16 unit. */
export function jsonEscape(character: string): string {
  let escaped = '';
  for (let at = 0; at < character.length; at++) {
    escaped += `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
  }
  return escaped;
}
