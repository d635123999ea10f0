import { join } from "node:path";
import { expect, test } from "vitest";
import type { Pod } from "#api/schema/types";
import { packageRoot } from "#kit/package-root";
import { askOnce } from "#test/support/ask";
import { eventually, requireHost } from "#test/support/host";
import { PARITY_NEEDS, parityCluster, succeeded } from "#test/support/parity";
import { firstIdsOf } from "#test/support/user-ranges";

/** A tenant of mode `sandboxed` from its first request on: asleep, woken, answered, confined, deleted. */
const at = parityCluster({ podCidr: "10.228.0.0/16", serviceCidr: "10.78.0.0/16" });
const HOST = "sand.example.com";
const NAMESPACE = "tenant-sand";
const WAIT_MS = 60_000;

const tenant = {
  apiVersion: "kaji.dev/v1alpha1",
  kind: "Tenant",
  metadata: { name: "sand" },
  spec: { plan: "small", mode: "sandboxed", hosts: [HOST] },
};

async function podOf(): Promise<Pod> {
  const list = await at.kubectl("get", "pods", "-n", NAMESPACE, "-o", "json");
  return JSON.parse(list).items[0];
}

test("a sandboxed tenant's first request is answered by a pod whose root is nobody on the host", {
  timeout: 120_000,
}, async (context) => {
  requireHost(context, PARITY_NEEDS);
  await at.kubectl("apply", "-f", join(packageRoot(), "manifests/tenants/plans.yaml"));
  await at.apply(tenant);
  const answer = await eventually(
    "the tenant answers through the ingress",
    async () => {
      const { status, body } = await askOnce({ url: at.cluster.url, host: HOST });
      return status === 200 && body;
    },
    WAIT_MS,
  );
  expect(answer).toBe(`welcome to sand at https://${HOST}`);
  const { spec, metadata } = await podOf();
  expect(spec.hostUsers).toBe(false);
  const exec = ["exec", "-n", NAMESPACE, metadata.name, "--"];
  expect(await at.kubectl(...exec, "id", "-u")).toBe("0\n");
  const firstId = firstIdsOf(at.cluster.locations).get(metadata.uid ?? "");
  expect(firstId).toBeGreaterThanOrEqual(2 ** 30);
  const map = (await at.kubectl(...exec, "cat", "/proc/self/uid_map")).trim().split(/\s+/);
  expect(map).toEqual(["0", String(firstId), "65536"]);
});

test("it goes with all that it had, its users too", { timeout: 120_000 }, async (context) => {
  requireHost(context, PARITY_NEEDS);
  expect(succeeded(await at.cluster.kaji("tenant", "delete", "sand"))).toContain("nothing is left");
  await eventually(
    "no range of ids is held",
    () => firstIdsOf(at.cluster.locations).size === 0,
    WAIT_MS,
  );
});
