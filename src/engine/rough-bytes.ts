const DEEPEST = 4;
const MOST_MEMBERS = 1000;
const MEMBER_BYTES = 16;

/** About how much memory a value takes: near enough to bound what is held, cheap enough to ask for each item. */
export function roughBytes(value: unknown, depth: number = 0): number {
  if (typeof value === 'string') return value.length * 2;
  if (typeof value !== 'object' || value === null) return MEMBER_BYTES;
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (depth >= DEEPEST) return MEMBER_BYTES;
  const members = Object.values(value);
  let bytes = MEMBER_BYTES * members.length;
  for (const member of members.slice(0, MOST_MEMBERS)) bytes += roughBytes(member, depth + 1);
  return bytes;
}
