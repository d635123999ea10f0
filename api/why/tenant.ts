import type { Tenant } from "#api/schema/own/tenant";
import { GROUP, VERSION } from "#api/schema/own/shape";
import { warningLines } from "#api/why/events-about";
import { defineExplainer, type Trouble } from "#api/why/explainer";

export const tenantExplainer = defineExplainer<Tenant>({
  ...{ group: GROUP, version: VERSION, kind: "Tenant", plural: "tenants", isNamespaced: false },
  reads: ["events"],
  trouble: tenantTrouble,
  explain: (tenant, { events }) => [
    tenantTrouble(tenant)?.sentence ?? stateOf(tenant),
    ...(tenant.spec.cordoned ? ["it is cordoned: nothing new is made for it"] : []),
    ...warningLines(tenant, events),
  ],
});

function tenantTrouble({ metadata, spec, status }: Tenant): Trouble | undefined {
  if (metadata.deletionTimestamp) return { tone: "busy", sentence: "is being deleted" };
  if (spec.suspended) {
    return { tone: "busy", sentence: "is suspended: its hosts are answered 503" };
  }
  const because = status?.conditions?.find(({ type }) => type === "Ready")?.message ?? "";
  if (status?.phase === "Failed") return { tone: "bad", sentence: `has failed: ${because}` };
  if (status?.phase === "Pending") return { tone: "busy", sentence: `is being made: ${because}` };
  return undefined;
}

function stateOf({ status }: Tenant): string {
  if (status?.phase === "Asleep") return "sleeps: its next request wakes it";
  return status?.phase === "Ready"
    ? "is ready"
    : "is a record: its plan's fleet serves it, or its first request makes it";
}
