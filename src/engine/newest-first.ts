import type { Candidate } from '../values/candidate.ts';

/**
 * Turns candidates round for a queue that takes the newest first. Those that the duplicate filter takes for the same
 * keep their order: the first given is the one that stays.
 */
export function newestFirst(given: readonly Candidate[]): Candidate[] {
  const alike = new Map<string, Candidate[]>();
  for (const candidate of given) {
    const same = alike.get(identityOf(candidate));
    if (same === undefined) alike.set(identityOf(candidate), [candidate]);
    else same.push(candidate);
  }
  return given.toReversed().map((candidate) => alike.get(identityOf(candidate))?.shift() ?? candidate);
}

function identityOf({ seenAs, fingerprint }: Candidate): string {
  return seenAs ?? fingerprint;
}
