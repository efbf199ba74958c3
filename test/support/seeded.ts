/** Park and Miller's generator: the same numbers, from 0 up to 1, for the same seed. */
export function seeded(seed: number): () => number {
  let state = (seed * 7919) % 2_147_483_647 || 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
