import { readFileSync } from 'node:fs';

/** Where the system does not say. */
const USUAL_LIMIT = 1_024;

/** How many files and sockets this process may have open: Linux tells it in `/proc`. */
export function descriptorLimit(): number {
  try {
    const limits = readFileSync('/proc/self/limits', 'latin1');
    const soft = /^Max open files +(\d+)/m.exec(limits)?.[1];
    return soft === undefined ? USUAL_LIMIT : Number(soft);
  } catch {
    return USUAL_LIMIT;
  }
}
