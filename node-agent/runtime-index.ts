import { podUidLabel } from "#node-agent/pod/labels";
import type { Container, Runtime, Sandbox } from "#runtime/runtime";

/**
 * The runtime's sandboxes and containers, by pod. Owns nothing: it is a copy, replaced as a whole by `refresh`.
 * Invariant: when a `refresh` resolves, the copy is at least as new as the moment it was called; calls that come
 * while a list is under way share the next one, so that many workers cost two lists.
 */
export interface RuntimeIndex {
  refresh(): Promise<void>;
  ofPod(uid: string): PodInRuntime;
  podUids(): readonly string[];
  podOfSandbox(sandboxId: string): string | undefined;
}

export interface PodInRuntime {
  /** Oldest first. */
  readonly sandboxes: readonly Sandbox[];
  readonly containers: readonly Container[];
}

const nothing: PodInRuntime = { sandboxes: [], containers: [] };

export function createRuntimeIndex(runtime: Runtime): RuntimeIndex {
  let byPod = new Map<string, { sandboxes: Sandbox[]; containers: Container[] }>();
  let bySandbox = new Map<string, string>();
  let current: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  const load = async (): Promise<void> => {
    const [sandboxes, containers] = await Promise.all([
      runtime.listSandboxes(),
      runtime.listContainers(),
    ]);
    ({ byPod, bySandbox } = group(sandboxes, containers));
  };
  const begin = (): Promise<void> => {
    const loading = load().finally(() => {
      if (current === loading) current = undefined;
    });
    current = loading;
    return loading;
  };
  return {
    refresh() {
      if (!current) return begin();
      next ??= current
        .catch(() => undefined)
        .then(() => {
          next = undefined;
          return begin();
        });
      return next;
    },
    ofPod: (uid) => byPod.get(uid) ?? nothing,
    podUids: () => [...byPod.keys()],
    podOfSandbox: (sandboxId) => bySandbox.get(sandboxId),
  };
}

function group(sandboxes: readonly Sandbox[], containers: readonly Container[]) {
  const byPod = new Map<string, { sandboxes: Sandbox[]; containers: Container[] }>();
  const bySandbox = new Map<string, string>();
  const entry = (uid: string) => {
    const found = byPod.get(uid) ?? { sandboxes: [], containers: [] };
    byPod.set(uid, found);
    return found;
  };
  const byAge = <T extends { createdAtMs: number }>(list: readonly T[]): T[] =>
    [...list].sort((a, b) => a.createdAtMs - b.createdAtMs);
  for (const sandbox of byAge(sandboxes)) {
    const uid = sandbox.config.labels[podUidLabel];
    if (!uid) continue;
    bySandbox.set(sandbox.id, uid);
    entry(uid).sandboxes.push(sandbox);
  }
  for (const container of byAge(containers)) {
    const uid = container.config.labels[podUidLabel] ?? bySandbox.get(container.sandboxId);
    if (uid) entry(uid).containers.push(container);
  }
  return { byPod, bySandbox };
}

/** For metrics: what there is in the copy, without another look. */
export function countsOf(index: Pick<RuntimeIndex, "podUids" | "ofPod">) {
  const inRuntime = (): PodInRuntime[] => index.podUids().map((uid) => index.ofPod(uid));
  return {
    runningPods: (): number =>
      inRuntime().filter(({ sandboxes }) => sandboxes.at(-1)?.state === "ready").length,
    containersByState(): Record<string, number> {
      const counts = { created: 0, running: 0, exited: 0 };
      for (const { containers } of inRuntime()) for (const { state } of containers) counts[state]++;
      return counts;
    },
  };
}
