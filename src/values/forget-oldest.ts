/** Takes out of a map what was put into it first. What is taken out and put in again is the newest. */
export function forgetOldest(map: Map<unknown, unknown>): void {
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}
