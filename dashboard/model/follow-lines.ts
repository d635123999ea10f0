import { apiFetch, ApiRefusal, sentenceOf } from "#dashboard/model/api-request";
import { linesOf } from "#dashboard/model/line-stream";
import { isRefused, refusedSentence, waitAfterRefusal } from "#dashboard/model/refused-retry";

export interface LineListener {
  readonly signal: AbortSignal;
  onLine(line: string): void;
  /** Why there is no more for the moment. `isRefused`: what was known may not be seen any more. */
  onProblem(problem: string, isRefused: boolean): void;
}

const FIRST_RETRY_MS = 500;
const MAX_RETRY_MS = 10_000;

/**
 * The lines of an answer that goes on, until the signal aborts. A server that comes back is followed again, and so is
 * one that has refused for a while; a question that it does not understand is asked once.
 */
export async function followLines(url: string, listener: LineListener): Promise<void> {
  const { signal } = listener;
  let retryMs = FIRST_RETRY_MS;
  let refusals = 0;
  while (!signal.aborted) {
    let waitMs = retryMs;
    retryMs = Math.min(MAX_RETRY_MS, retryMs * 2);
    try {
      const response = await apiFetch(url, { signal });
      for await (const line of linesOf(response)) {
        retryMs = FIRST_RETRY_MS;
        refusals = 0;
        listener.onLine(line);
      }
    } catch (error) {
      if (signal.aborted) return;
      if (isRefused(error)) {
        listener.onProblem(refusedSentence(error), true);
        waitMs = waitAfterRefusal(++refusals);
      } else {
        listener.onProblem(sentenceOf(error), false);
        if (error instanceof ApiRefusal && error.code < 429) return;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
}
