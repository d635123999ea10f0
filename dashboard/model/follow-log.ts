import type { Pod } from "#api/schema/types";
import { apiFetch, apiJson, ApiRefusal, sentenceOf } from "#dashboard/model/api-request";
import { linesOf } from "#dashboard/model/line-stream";
import { pathOf, resources } from "#dashboard/model/resources";

export interface LogSource {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Of the container before its last restart: it has ended, and is read once. */
  readonly isPrevious: boolean;
}

export interface LogListener {
  readonly signal: AbortSignal;
  onLine(line: string): void;
  /** What was read so far comes again. `why`: undefined while it is likely to be back at once. */
  onBroken(why: string | undefined): void;
}

const TAIL_LINES = "1000";
/** A container that has not started yet has no log yet, and a server that is away comes back. */
const RETRY_MS = 1_000;

/** Until the signal, or until the container has ended and all of it was read. Whatever breaks, it goes on. */
export async function followLog(source: LogSource, listener: LogListener): Promise<void> {
  const { signal } = listener;
  for (let failures = 1; !signal.aborted; ) {
    try {
      const count = await readLog(source, listener);
      // A server that stops ends all logs in good order.
      if (source.isPrevious || !(await isRunning(source, signal))) return;
      if (count > 0) failures = 1;
      listener.onBroken(undefined);
    } catch (error) {
      if (signal.aborted) return;
      const isRefused = error instanceof ApiRefusal && [401, 403].includes(error.code);
      // Nobody is given rights by asking again and again.
      if (isRefused) return listener.onBroken(sentenceOf(error));
      const isAway = error instanceof TypeError;
      listener.onBroken(isAway && failures === 1 ? undefined : sentenceOf(error));
      failures++;
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

/** How many lines there were. */
async function readLog(
  { namespace, pod, container, isPrevious }: LogSource,
  { signal, onLine }: LogListener,
): Promise<number> {
  const query = new URLSearchParams({
    container,
    tailLines: TAIL_LINES,
    ...(isPrevious ? { previous: "true" } : { follow: "true" }),
  });
  const path = `${pathOf(resources.pods, namespace, pod)}/log?${query.toString()}`;
  const response = await apiFetch(path, { accept: "*/*", signal });
  let count = 0;
  for await (const line of linesOf(response)) {
    onLine(line);
    count++;
  }
  return count;
}

async function isRunning({ namespace, pod, container }: LogSource, signal: AbortSignal) {
  const { status } = await apiJson<Pod>(pathOf(resources.pods, namespace, pod), { signal });
  const all = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])];
  return all.some(({ name, state }) => name === container && state?.running !== undefined);
}
