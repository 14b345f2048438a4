// Numbers that look random and are the same in every run: a test that fails can be run again.

/** A generator of numbers from 0 (inclusive) to 1 (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A whole number below `limit`. */
export function below(random: () => number, limit: number): number {
  return Math.floor(random() * limit);
}
