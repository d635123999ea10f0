import { deploymentKind } from "#api/kinds/deployment";
import { namespaceKind } from "#api/kinds/namespace";
import { podKind } from "#api/kinds/pod";
import type { Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import type { Pod } from "#api/schema/types";
import { namespaceOfTenant } from "#api/tenants/names";
import type { BenchCluster } from "#test/bench/bench-cluster";
import { row, summarize } from "#test/bench/statistics";

/** Where the time of a dedicated tenant's first answer goes, as a watcher of the API sees it, and how often is written. */
const stages = ["namespace", "Deployment", "pod", "scheduled", "running", "ready"] as const;
type Stage = (typeof stages)[number];

export interface Stages {
  /** Measures one, in ms; `act` resolves with its first answer. */
  during(tenant: string, act: () => Promise<void>): Promise<number>;
  report(): void;
}

export function watchStages({ informers, client }: BenchCluster): Stages {
  const seen = new Map<string, number>();
  const note = (namespace: string | undefined, stage: Stage): void => {
    const key = `${namespace} ${stage}`;
    if (!seen.has(key)) seen.set(key, performance.now());
  };
  const on = (kind: Kind, look: (object: KubeObject) => void): void => {
    informers.for(kind).onChange(({ current }) => {
      if (current) look(current);
    });
  };
  on(namespaceKind as unknown as Kind, ({ metadata }) => note(metadata.name, "namespace"));
  on(deploymentKind as unknown as Kind, ({ metadata }) => note(metadata.namespace, "Deployment"));
  on(podKind as unknown as Kind, (object) => {
    const { metadata, status, spec } = object as Pod;
    note(metadata.namespace, "pod");
    if (spec.nodeName) note(metadata.namespace, "scheduled");
    if (status?.phase === "Running") note(metadata.namespace, "running");
    const isReady = status?.conditions?.some(
      (one) => one.type === "Ready" && one.status === "True",
    );
    if (isReady) note(metadata.namespace, "ready");
  });
  const times = new Map<string, number[]>(
    [...stages, "answer", "writes"].map((name) => [name, []] as const),
  );
  const revision = async (): Promise<number> => {
    const { metadata } = await client.list(podKind, { limit: 1 });
    return Number(metadata.resourceVersion);
  };
  return {
    async during(tenant, act) {
      const namespace = namespaceOfTenant(tenant);
      const before = await revision();
      const startedMs = performance.now();
      await act();
      const tookMs = performance.now() - startedMs;
      times.get("answer")?.push(tookMs);
      for (const stage of stages) {
        const atMs = seen.get(`${namespace} ${stage}`);
        if (atMs !== undefined) times.get(stage)?.push(atMs - startedMs);
      }
      times.get("writes")?.push((await revision()) - before);
      return tookMs;
    },
    report() {
      const middle = (name: string): string => summarize(times.get(name) ?? []).p50.toFixed(0);
      const parts = [...stages, "answer"].map((name) => `${name} ${middle(name)}`);
      row("  of it, p50 in ms until", parts.join(", "));
      row("  revisions of the store until then, p50", middle("writes"));
    },
  };
}
