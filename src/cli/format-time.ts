/** `2026-03-01 12:30:05Z`; `-` for none. */
export function formatTime(atMs: number | undefined): string {
  return atMs === undefined ? '-' : `${new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}
