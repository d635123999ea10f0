import { expect, test } from "vitest";
import { classify } from "#control-plane/apiserver/flow-control/classify";

const tenantOf = (namespace: string) =>
  namespace.startsWith("tenant-") ? { name: "shop", requestsPerSecond: 20 } : undefined;

test.each([
  ["test-admin", ["system:masters"], "exempt", ""],
  ["system:node:n1", ["system:nodes"], "system", "system:node:n1"],
  ["system:kaji:ingress", [], "system", "system:kaji:ingress"],
  ["system:serviceaccount:kube-system:gc", [], "system", "system:serviceaccount:kube-system:gc"],
  ["system:serviceaccount:tenant-a:default", [], "workload", "tenant/shop"],
  ["system:serviceaccount:tenant-b:other", [], "workload", "tenant/shop"],
  ["system:serviceaccount:blue:one", [], "workload", "namespace/blue"],
  ["system:serviceaccount:blue:two", [], "workload", "namespace/blue"],
  ["alice", ["system:authenticated"], "workload", "user/alice"],
  // A name that somebody chose is no membership.
  ["tenant/shop", [], "workload", "user/tenant/shop"],
])("%s of %j belongs to %s", (name, groups, level, flow) => {
  expect(classify({ name, groups }, tenantOf)).toMatchObject({ level, flow });
});
