import { each, optionalOneOf, requiredName } from "#api/kinds/rules/values";
import { invalid, notSupported, required, tooMany } from "#api/machinery/field-path";
import { isDns1123Subdomain } from "#api/machinery/names";
import type { FieldError } from "#api/machinery/status-error";
import type { Tenant } from "#api/schema/own/tenant";
import { validateHosts } from "#api/tenants/host-names";
import { TENANT_MODES } from "#api/tenants/names";

const MAX_OWNERS = 100;
const MAX_PARAMETERS = 100;
const MAX_PARAMETER_BYTES = 4096;
const OWNER_KINDS = ["User", "Group", "ServiceAccount"];
const PARAMETER = /^[A-Za-z0-9][-A-Za-z0-9_.]{0,62}$/;

type Owner = NonNullable<Tenant["spec"]["owners"]>[number];

export function validateTenant({ spec }: Tenant): FieldError[] {
  const { owners = [], hosts = [], parameters = {} } = spec;
  return [
    ...requiredName("spec.plan", spec.plan, isDns1123Subdomain),
    ...validateHosts(hosts, "spec.hosts"),
    ...(owners.length > MAX_OWNERS ? [tooMany("spec.owners", owners.length, MAX_OWNERS)] : []),
    ...each("spec.owners", owners, validateOwner),
    ...optionalOneOf("spec.mode", spec.mode, TENANT_MODES),
    ...validateParameters(parameters),
  ];
}

function validateOwner({ kind, name, namespace }: Owner, path: string): FieldError[] {
  const found = name ? [] : [required(`${path}.name`)];
  if (!OWNER_KINDS.includes(kind)) {
    found.push(notSupported(`${path}.kind`, kind, OWNER_KINDS));
  } else if (kind === "ServiceAccount" && !namespace) {
    found.push(required(`${path}.namespace`, "the namespace that the service account is in"));
  } else if (kind !== "ServiceAccount" && namespace) {
    const why = `a ${kind} is in no namespace`;
    found.push(invalid(`${path}.namespace`, namespace, why));
  }
  if (name?.startsWith("system:") && kind !== "ServiceAccount") {
    const why = "system: names are the cluster's own, and would give the tenant to everyone";
    found.push(invalid(`${path}.name`, name, why));
  }
  return found;
}

function validateParameters(parameters: Readonly<Record<string, string>>): FieldError[] {
  const entries = Object.entries(parameters);
  if (entries.length > MAX_PARAMETERS) {
    return [tooMany("spec.parameters", entries.length, MAX_PARAMETERS)];
  }
  return entries.flatMap(([name, value]) => {
    const field = `spec.parameters[${name}]`;
    if (!PARAMETER.test(name)) {
      const why =
        "a parameter's name has at most 63 letters, digits, '-', '_' or '.', and starts with a letter or digit";
      return [invalid(field, name, why)];
    }
    return Buffer.byteLength(value) > MAX_PARAMETER_BYTES
      ? [invalid(field, "(long)", `must be at most ${MAX_PARAMETER_BYTES} bytes`)]
      : [];
  });
}
