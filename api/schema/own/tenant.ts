import { conditions, type ObjectOf, ownKind } from "#api/schema/own/kind-shape";
import { flag, listOf, long, mapOf, record, text, time } from "#api/schema/own/shape";

/** Somebody who is served: a record, and what its plan makes of it on its first request. */
const subject = record(
  "TenantOwner",
  "Who may do everything in the tenant's namespaces.",
  { kind: text("User, Group or ServiceAccount."), name: text("The name.") },
  { namespace: text("Of a ServiceAccount.") },
);
const spec = record(
  "TenantSpec",
  "What the tenant is.",
  { plan: text("The TenantPlan's name.") },
  {
    owners: listOf(subject, "Who may do everything in the tenant's namespaces."),
    hosts: listOf(text("A host."), "Host names, each of one tenant alone."),
    mode: text("pooled, dedicated or sandboxed, in place of the plan's."),
    parameters: mapOf(text("A value."), "Values for the plan's template."),
    cordoned: flag("Nothing new is made for it."),
    suspended: flag("Its hosts are answered 503 and its workloads are stopped."),
    preventDelete: flag("A deletion is refused."),
  },
);
const status = record(
  "TenantStatus",
  "What there is of it. A pooled tenant has none.",
  {},
  {
    observedGeneration: long("The generation that this tells of."),
    phase: text("Pending, Ready, Asleep, Suspended, Failed or Terminating."),
    namespaces: listOf(text("A namespace."), "Its namespaces; the first is the plan's."),
    wakeRequestTime: time("When it was last asked for while it was not made, or asleep."),
    lastWakeTime: time("When it was last made or woken."),
    conditions,
  },
);

export const tenantSchema = ownKind(
  "Tenant",
  "Tenant is somebody who is served: hosts, a plan, owners.",
  spec,
  status,
);
export type Tenant = ObjectOf<typeof tenantSchema>;
export type TenantStatus = NonNullable<Tenant["status"]>;
