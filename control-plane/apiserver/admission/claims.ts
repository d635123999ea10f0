import type { Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import { errors, type StatusError } from "#api/machinery/status-error";
import type { Tenant } from "#api/schema/own/tenant";
import type { Node, Service } from "#api/schema/types";
import { TENANTS } from "#api/tenants/names";
import { isKind } from "#control-plane/apiserver/admission/admission";
import { claimedHosts } from "#control-plane/apiserver/storage/host-claims";

/**
 * Values that at most one object in the cluster may hold. The store enforces it: a claim is a key written in
 * the same transaction as its holder (rest/commit.ts), so two writers can never both succeed.
 */
export function claimsOf(kind: Kind, object: KubeObject): string[] {
  if (isKind(kind, "", "nodes")) {
    const { podCIDR } = (object as Node).spec ?? {};
    return podCIDR ? [`pod-cidr/${podCIDR.replace("/", "-")}`] : [];
  }
  if (isKind(kind, TENANTS.group, TENANTS.plural)) return claimedHosts(object as Tenant);
  return isKind(kind, "", "services") ? claimsOfService(object as Service) : [];
}

function claimsOfService({ spec }: Service): string[] {
  const addresses = (spec?.clusterIPs ?? []).filter((ip) => ip !== "None" && ip !== "");
  const ports = new Set<number>();
  for (const { nodePort } of spec?.ports ?? []) if (nodePort) ports.add(nodePort);
  if (spec?.healthCheckNodePort) ports.add(spec.healthCheckNodePort);
  return [
    ...addresses.map((ip) => `cluster-ip/${ip}`),
    ...[...ports].map((port) => `node-port/${port}`),
  ];
}

/** What the loser of a race for a claim is told. */
export function claimRefused(kind: Kind, object: KubeObject, claim: string): StatusError {
  const [type, value = ""] = claim.split("/");
  if (type === "pod-cidr") return podCidrTaken(kind, object.metadata.name, value.replace("-", "/"));
  return type === "cluster-ip"
    ? addressTaken(kind, object.metadata.name, value)
    : portTaken(kind, object as Service, Number(value));
}

function podCidrTaken(kind: Kind, name: string, podCIDR: string): StatusError {
  return errors.invalid(kind, name, [
    {
      reason: "FieldValueDuplicate",
      field: "spec.podCIDR",
      message: `Duplicate value: "${podCIDR}"`,
    },
  ]);
}

export function addressTaken(kind: Kind, name: string, ip: string): StatusError {
  return errors.invalid(kind, name, [
    {
      reason: "FieldValueInvalid",
      field: "spec.clusterIPs",
      message: `Invalid value: ["${ip}"]: failed to allocate IP ${ip}: provided IP is already allocated`,
    },
  ]);
}

export function portTaken(kind: Kind, service: Service, port: number): StatusError {
  const index = service.spec?.ports?.findIndex((one) => one.nodePort === port) ?? 0;
  return errors.invalid(kind, service.metadata.name, [
    {
      reason: "FieldValueInvalid",
      field: `spec.ports[${Math.max(0, index)}].nodePort`,
      message: `Invalid value: ${port}: provided port is already allocated`,
    },
  ]);
}
