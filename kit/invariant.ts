/** A programmer's error: the process must not go on, because what it believes about itself is false. */
export class InvariantError extends Error {
  override name = "InvariantError";
}

export function invariant(condition: unknown, sentence: string): asserts condition {
  if (!condition) throw new InvariantError(sentence);
}
