import { sentenceOf } from "#dashboard/model/api-request";

/** What reads a thing once and for all: where others follow a live list, which comes back by itself. */
export interface Reading {
  /** Nobody wants it any more. */
  readonly signal: AbortSignal;
  /** Why it is not there yet, in a sentence. */
  onAway(sentence: string): void;
}

const FIRST_RETRY_MS = 300;
const MAX_RETRY_MS = 2_000;

/**
 * Asks again for as long as the server cannot be reached; undefined when nobody wants it any more. A browser breaks
 * requests off also when the interfaces of its host change, which they do with every pod that starts there. Caller
 * must: ask only for what may be asked for twice.
 */
export async function untilReached<T>(
  ask: () => Promise<T>,
  { signal, onAway }: Reading,
): Promise<T | undefined> {
  for (let retryMs = FIRST_RETRY_MS; !signal.aborted; ) {
    try {
      const answer = await ask();
      return signal.aborted ? undefined : answer;
    } catch (error) {
      if (signal.aborted) return undefined;
      if (!(error instanceof TypeError)) throw error;
      // A connection that broke is mostly there again at once.
      if (retryMs > FIRST_RETRY_MS) onAway(sentenceOf(error));
    }
    await new Promise((resolve) => setTimeout(resolve, retryMs));
    retryMs = Math.min(MAX_RETRY_MS, retryMs * 2);
  }
  return undefined;
}
