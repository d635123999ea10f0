import type { Rng } from "#kit/rng";

export function pick<T>(rng: Rng, choices: readonly T[]): T {
  return choices[Math.floor(rng.next() * choices.length)] as T;
}
