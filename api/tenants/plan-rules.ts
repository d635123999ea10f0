import { validateLimitRange } from "#api/kinds/limit-range-validation";
import { validateResourceQuota } from "#api/kinds/resource-quota-validation";
import {
  each,
  nonNegative,
  oneOf,
  portNumber,
  positive,
  requiredName,
} from "#api/kinds/rules/values";
import { forbidden, invalid, invalidEach, required, tooMany } from "#api/machinery/field-path";
import { isDns1035Label, isDns1123Label } from "#api/machinery/names";
import type { FieldError } from "#api/machinery/status-error";
import type { TenantPlan } from "#api/schema/own/tenant-plan";
import { TENANT_MODES } from "#api/tenants/names";
import { placeholderProblems } from "#api/tenants/template";

/** A template of more objects is an application of its own, with a chart of its own. */
const MAX_TEMPLATE = 100;
const MAX_NAMESPACES = 100;
/** A field name of HTTP (RFC 9110, token), without the characters that nginx drops. */
const HEADER = /^[A-Za-z0-9](?:[-A-Za-z0-9]{0,126}[A-Za-z0-9])?$/;
/** Headers that mean something to every server: a tenant's name in one of them would be misread. */
const TAKEN_HEADERS = [
  "host",
  "connection",
  "content-length",
  "transfer-encoding",
  "upgrade",
  "te",
];

export function validatePlan({ spec }: TenantPlan): FieldError[] {
  return [
    ...oneOf("spec.mode", spec.mode, TENANT_MODES),
    ...validateService(spec),
    ...validateHeader(spec.tenantHeader),
    ...validateAmounts(spec),
    ...validateTemplate(spec.template ?? []),
    ...positive("spec.maxNamespaces", spec.maxNamespaces),
    ...((spec.maxNamespaces ?? 1) > MAX_NAMESPACES
      ? [invalid("spec.maxNamespaces", spec.maxNamespaces, `must be at most ${MAX_NAMESPACES}`)]
      : []),
    ...positive("spec.maxReplicas", spec.maxReplicas),
    ...positive("spec.idleTimeoutSeconds", spec.idleTimeoutSeconds),
    ...nonNegative("spec.hostCoolDownSeconds", spec.hostCoolDownSeconds),
    ...positive("spec.apiRequestsPerSecond", spec.apiRequestsPerSecond),
  ];
}

function validateService({ mode, service }: TenantPlan["spec"]): FieldError[] {
  if (!service) {
    const why = "a pooled fleet is a Service of some namespace: say its namespace, name and port";
    return mode === "pooled" ? [required("spec.service", why)] : [];
  }
  const { name, port, namespace } = service;
  const found = [
    ...requiredName("spec.service.name", name, isDns1035Label),
    ...portNumber("spec.service.port", port),
  ];
  if (mode === "pooled") {
    found.push(...requiredName("spec.service.namespace", namespace, isDns1123Label));
  } else if (namespace !== undefined) {
    const why = "a dedicated tenant's Service is in its own namespace";
    found.push(forbidden("spec.service.namespace", why));
  }
  return found;
}

function validateHeader(header: string | undefined): FieldError[] {
  if (header === undefined) return [];
  if (!HEADER.test(header)) {
    const why = "a header's name has letters, digits and '-' only, such as X-Kaji-Tenant";
    return [invalid("spec.tenantHeader", header, why)];
  }
  return TAKEN_HEADERS.includes(header.toLowerCase())
    ? [invalid("spec.tenantHeader", header, "this header has a meaning of its own in HTTP")]
    : [];
}

/** In the words of ResourceQuota and LimitRange, whose rules these are. */
function validateAmounts({ quota, limits }: TenantPlan["spec"]): FieldError[] {
  const object = { apiVersion: "v1", metadata: { name: "tenant" } };
  const hard = validateResourceQuota({
    ...object,
    kind: "ResourceQuota",
    spec: { hard: quota ?? {} },
  });
  const range = limits
    ? validateLimitRange({ ...object, kind: "LimitRange", spec: { limits } })
    : [];
  return [
    ...hard.map((one) => ({ ...one, field: one.field.replace("spec.hard", "spec.quota") })),
    ...range,
  ];
}

function validateTemplate(template: readonly unknown[]): FieldError[] {
  if (template.length > MAX_TEMPLATE) {
    return [tooMany("spec.template", template.length, MAX_TEMPLATE)];
  }
  const shapes = each("spec.template", template, validateManifest);
  if (shapes.length > 0) return shapes;
  return placeholderProblems(template).map(([path, why]) =>
    invalid(`spec.template${path}`, null, why),
  );
}

function validateManifest(manifest: unknown, path: string): FieldError[] {
  if (typeof manifest !== "object" || manifest === null || Array.isArray(manifest)) {
    return [invalid(path, manifest, "must be an object with apiVersion, kind and metadata.name")];
  }
  const { apiVersion, kind, metadata } = manifest as Record<string, unknown>;
  const { name, namespace } = (metadata ?? {}) as Record<string, unknown>;
  const isText = (value: unknown): boolean => typeof value === "string" && value !== "";
  const missing = [
    ...(isText(apiVersion) ? [] : [required(`${path}.apiVersion`)]),
    ...(isText(kind) ? [] : [required(`${path}.kind`)]),
    ...(isText(name) ? [] : [required(`${path}.metadata.name`)]),
  ];
  if (namespace !== undefined && namespace !== "${namespace}") {
    const why = "an object of the template goes into the tenant's own namespace: leave it out";
    missing.push(...invalidEach(`${path}.metadata.namespace`, namespace, [why]));
  }
  return missing;
}
