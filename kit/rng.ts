/** Randomness as a value that comes in, so that a simulation can replay a seed. */
export interface Rng {
  /** A number in [0, 1). */
  next(): number;
}

export const systemRng: Rng = { next: () => Math.random() };

/** A small seeded generator (mulberry32): the same seed gives the same run. */
export function seededRng(seed: number): Rng {
  let state = seed >>> 0;
  return {
    next() {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    },
  };
}

/** Kubernetes' name suffix alphabet: no vowels and no look-alikes. */
const SUFFIX_ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

export function randomSuffix(rng: Rng, length = 5): string {
  let suffix = "";
  for (let i = 0; i < length; i++)
    suffix += SUFFIX_ALPHABET[Math.floor(rng.next() * SUFFIX_ALPHABET.length)];
  return suffix;
}
