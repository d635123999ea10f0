import { useEffect, useState } from "preact/hooks";
import { trafficOf } from "#dashboard/model/tenant-traffic";
import type { Tenant } from "#api/schema/own/tenant";
import type { TrafficReport } from "#api/schema/own/traffic-report";
import type { PersistentVolumeClaim, Pod, ResourceQuota } from "#api/schema/types";
import { BOUNDS_NAME } from "#api/tenants/names";
import type { PodUse } from "#api/why/pod-use";
import { apiJson, sentenceOf } from "#dashboard/model/api-request";
import { pathOf, resource, resources } from "#dashboard/model/resources";
import { formatBytes, formatCpu } from "#dashboard/model/units";
import { type Cost, tenantUse, type TenantUse } from "#dashboard/model/tenant-use";
import { Notice } from "#dashboard/parts/notice";

const CLAIMS = resource("v1", "PersistentVolumeClaim", "persistentvolumeclaims");
const QUOTAS = resource("v1", "ResourceQuota", "resourcequotas");
const REPORTS = resource("kaji.dev/v1alpha1", "TrafficReport", "trafficreports");
const READ_EVERY_MS = 10_000;

interface Reading {
  readonly use: TenantUse;
  readonly traffic: string | undefined;
}

/** What the tenant uses, what is set aside for it and the most that its plan lets it have. Nothing for a record alone. */
export function TenantCost({ tenant }: { tenant: Tenant }) {
  const namespaces = (tenant.status?.namespaces ?? []).join(",");
  const [reading, setReading] = useState<Reading>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    if (namespaces === "") return undefined;
    const abort = new AbortController();
    const read = (): void => {
      if (document.hidden) return;
      readCost(namespaces.split(","), abort.signal).then(
        (next) => {
          setReading(next);
          setProblem(undefined);
        },
        (error: unknown) => !abort.signal.aborted && setProblem(sentenceOf(error)),
      );
    };
    read();
    const timer = setInterval(read, READ_EVERY_MS);
    return () => {
      clearInterval(timer);
      abort.abort();
    };
  }, [namespaces]);
  if (namespaces === "") {
    return (
      <section class="card">
        <h2>Cost</h2>
        <p class="soft">It has no namespace: it costs its record, and its share of the fleet.</p>
      </section>
    );
  }
  return (
    <section class="card">
      <h2>Cost</h2>
      <Notice text={problem} isError />
      {reading && <CostTable reading={reading} />}
    </section>
  );
}

function CostTable({ reading: { use, traffic } }: { reading: Reading }) {
  const rows: readonly (readonly [string, Cost, (value: number) => string])[] = [
    ["CPU", use.cpuMillis, formatCpu],
    ["Memory", use.memoryBytes, formatBytes],
    ["Pods", use.pods, String],
    ["Storage", use.storageBytes, formatBytes],
  ];
  return (
    <>
      <div class="scroll">
        <table class="plain">
          <thead>
            <tr>
              {["", "Uses", "Set aside", "Of at most", ""].map((title, at) => (
                <th key={at}>{title}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([label, cost, format]) => (
              <tr key={label}>
                <th>{label}</th>
                <td>{cost.used === undefined ? "–" : format(cost.used)}</td>
                <td>{format(cost.requested)}</td>
                <td>{cost.most === undefined ? "no bound" : format(cost.most)}</td>
                <td>{cost.most ? <Share cost={cost} most={cost.most} /> : null}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="soft">{traffic ?? "No ingress counts its requests now."}</p>
    </>
  );
}

function Share({ cost, most }: { cost: Cost; most: number }) {
  const percent = Math.round((cost.requested / most) * 100);
  return (
    <div class="bar" role="img" aria-label={`${percent} % of the most is set aside`}>
      <i class="used" style={{ width: `${Math.min(100, percent)}%` }} />
    </div>
  );
}

async function readCost(namespaces: readonly string[], signal: AbortSignal): Promise<Reading> {
  const all = <T,>(one: typeof CLAIMS): Promise<T[]> =>
    Promise.all(
      namespaces.map((namespace) =>
        apiJson<{ items: T[] }>(pathOf(one, namespace), { signal }).then(({ items }) => items),
      ),
    ).then((lists) => lists.flat());
  const optional = <T,>(one: typeof CLAIMS): Promise<T[] | undefined> =>
    all<T>(one).catch(() => undefined);
  const [pods, claims, quotas, use, reports] = await Promise.all([
    all<Pod>(resources.pods),
    all<PersistentVolumeClaim>(CLAIMS),
    optional<ResourceQuota>(QUOTAS),
    optional<PodUse>(resources.podMetrics),
    optional<TrafficReport>(REPORTS),
  ]);
  const quota = quotas?.find(({ metadata }) => metadata.name === BOUNDS_NAME);
  return { use: tenantUse({ pods, claims, quota, use }), traffic: trafficOf(reports ?? []) };
}
