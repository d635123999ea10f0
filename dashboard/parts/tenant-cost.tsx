import { useMemo } from "preact/hooks";
import { trafficOf } from "#dashboard/model/tenant-traffic";
import type { Tenant } from "#api/schema/own/tenant";
import type { TrafficReport } from "#api/schema/own/traffic-report";
import type { PersistentVolumeClaim, Pod, ResourceQuota } from "#api/schema/types";
import { BOUNDS_NAME } from "#api/tenants/names";
import { type LiveCollection, liveCollection, objectForm } from "#dashboard/model/live-collection";
import { pathOf, type Resource, resource, resources } from "#dashboard/model/resources";
import { formatBytes, formatCpu } from "#dashboard/model/units";
import { type Cost, tenantUse, type TenantUse } from "#dashboard/model/tenant-use";
import { Notice } from "#dashboard/parts/notice";
import { useLists } from "#dashboard/parts/use-lists";
import { usePodUse } from "#dashboard/parts/use-pod-use";

const CLAIMS = resource("v1", "PersistentVolumeClaim", "persistentvolumeclaims");
const QUOTAS = resource("v1", "ResourceQuota", "resourcequotas");
const REPORTS = resource("kaji.dev/v1alpha1", "TrafficReport", "trafficreports");
/** What the tenant uses, what is set aside for it and the most that its plan lets it have. Nothing for a record alone. */
export function TenantCost({ tenant }: { tenant: Tenant }) {
  const namespaces = tenant.status?.namespaces ?? [];
  return (
    <section class="card">
      <h2>Cost</h2>
      {namespaces.length === 0 ? (
        <p class="soft">It has no namespace: it costs its record, and its share of the fleet.</p>
      ) : (
        <CostOf key={namespaces.join()} namespaces={namespaces} />
      )}
    </section>
  );
}

/** Live: by the watches of its namespaces, and by what its pods are measured to use. */
function CostOf({ namespaces }: { namespaces: readonly string[] }) {
  const lists = useMemo(() => costLists(namespaces), []);
  useLists(useMemo(() => lists.map(([, list]) => list), [lists]));
  const use = usePodUse(namespaces);
  const read = <T,>(kind: Resource): T[] =>
    lists.flatMap(([one, list]) => (one === kind ? [...list.items.values()] : [])) as T[];
  const needed = lists.filter(([kind]) => kind === resources.pods || kind === CLAIMS);
  const problem = needed.find(([, list]) => list.problem)?.[1].problem;
  if (problem) return <Notice text={problem} isError />;
  if (!needed.every(([, list]) => list.isComplete)) return <p class="soft">Reading …</p>;
  const quota = read<ResourceQuota>(QUOTAS).find(({ metadata }) => metadata.name === BOUNDS_NAME);
  const [pods, claims] = [read<Pod>(resources.pods), read<PersistentVolumeClaim>(CLAIMS)];
  const traffic = trafficOf(read<TrafficReport>(REPORTS));
  return <CostTable use={tenantUse({ pods, claims, quota, use })} traffic={traffic} />;
}

function costLists(
  namespaces: readonly string[],
): readonly (readonly [Resource, LiveCollection<unknown>])[] {
  const form = objectForm<{ metadata: object }>();
  return [resources.pods, CLAIMS, QUOTAS, REPORTS].flatMap((kind) =>
    namespaces.map((one) => [kind, liveCollection({ path: pathOf(kind, one), form })] as const),
  );
}

function CostTable({ use, traffic }: { use: TenantUse; traffic: string | undefined }) {
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
