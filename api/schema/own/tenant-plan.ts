import { conditions, type ObjectOf, ownKind } from "#api/schema/own/kind-shape";
import {
  anything,
  integer,
  listOf,
  long,
  mapOf,
  published,
  quantity,
  record,
  text,
} from "#api/schema/own/shape";
import type { LimitRangeItem } from "#api/schema/types";

/** What tenants of one sort get. */
const serviceReference = record(
  "TenantService",
  "The Service that answers.",
  { name: text("Its name."), port: integer("Its port.") },
  { namespace: text("Of a pooled fleet; a dedicated tenant has its own.") },
);
const certificate = record(
  "TenantCertificate",
  "The Secret (type kubernetes.io/tls) whose certificate covers the tenants' hosts, such as *.shops.example.",
  { namespace: text("Its namespace."), name: text("Its name.") },
  {},
);
const spec = record(
  "TenantPlanSpec",
  "What tenants of this plan get.",
  { mode: text("pooled, dedicated or sandboxed.") },
  {
    service: serviceReference,
    tenantHeader: text("The request header that tells a pooled fleet which tenant is meant."),
    tls: certificate,
    template: listOf(
      anything(
        "A manifest, in which ${tenant}, ${namespace}, ${host} and parameters are replaced.",
      ),
      "What a dedicated tenant's namespace is made of on first need.",
    ),
    quota: mapOf(quantity("A quantity."), "Hard limits over all namespaces of a tenant."),
    limits: listOf(
      published<LimitRangeItem>("io.k8s.api.core.v1.LimitRangeItem", "Limits of one type."),
      "Defaults and bounds of a tenant's containers.",
    ),
    maxNamespaces: integer("How many namespaces a tenant may have."),
    maxReplicas: integer("How far a tenant's workload is scaled."),
    idleTimeoutSeconds: integer("After this long without a request a dedicated tenant sleeps."),
    hostCoolDownSeconds: integer(
      "For how long nobody else may claim a host that a tenant has given back.",
    ),
    apiRequestsPerSecond: integer("How many API requests a tenant's people and pods may make."),
  },
);
const status = record(
  "TenantPlanStatus",
  "Whether the plan can be used.",
  {},
  { observedGeneration: long("The generation that this tells of."), conditions },
);

export const tenantPlanSchema = ownKind(
  "TenantPlan",
  "TenantPlan is what tenants of one sort get.",
  spec,
  status,
);
export type TenantPlan = ObjectOf<typeof tenantPlanSchema>;
