import type { Candidate } from '../values/candidate.ts';

/**
 * Turns candidates round for a queue that takes the newest first, so that the duplicate filter refuses what it would
 * have refused in the order given: what it refuses, and what would make it refuse an earlier one, comes last.
 */
export function newestFirst(given: readonly Candidate[]): Candidate[] {
  const firsts: Candidate[] = [];
  const later: Candidate[] = [];
  const recorded = new Set<string>();
  const lookedUp = new Set<string>();
  for (const candidate of given) {
    const { fingerprint, seenAs = fingerprint, filtered } = candidate;
    const isRefused = filtered && recorded.has(seenAs);
    const isInTheWay = lookedUp.has(seenAs) || lookedUp.has(fingerprint);
    if (isRefused || isInTheWay) later.push(candidate);
    else firsts.push(candidate);
    recorded.add(seenAs).add(fingerprint);
    if (filtered) lookedUp.add(seenAs);
  }
  return [...firsts.toReversed(), ...later];
}
