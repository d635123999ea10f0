import { useEffect, useState } from "preact/hooks";
import type { PodUse } from "#api/why/pod-use";
import { apiJson } from "#dashboard/model/api-request";
import { pathOf, resources } from "#dashboard/model/resources";

const USE_EVERY_MS = 15_000;

/**
 * What pods use now; the nodes send it at intervals, and nothing announces it. `namespaces`: "" is all of them; none:
 * nothing is asked.
 */
export function usePodUse(namespaces: readonly string[]): readonly PodUse[] | undefined {
  const [use, setUse] = useState<readonly PodUse[]>();
  useEffect(() => {
    setUse(undefined);
    if (namespaces.length === 0) return undefined;
    const abort = new AbortController();
    const ask = (): void => {
      if (document.hidden) return;
      Promise.all(namespaces.map((one) => readUse(one, abort.signal))).then(
        (all) => setUse(all.flat()),
        () => !abort.signal.aborted && setUse(undefined),
      );
    };
    ask();
    const timer = setInterval(ask, USE_EVERY_MS);
    return () => {
      clearInterval(timer);
      abort.abort();
    };
  }, [namespaces.join()]);
  return use;
}

async function readUse(namespace: string, signal: AbortSignal): Promise<readonly PodUse[]> {
  const path = pathOf(resources.podMetrics, namespace);
  return (await apiJson<{ items: PodUse[] }>(path, { signal })).items;
}
