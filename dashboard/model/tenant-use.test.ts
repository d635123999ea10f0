import { describe, expect, test } from "vitest";
import type { Pod } from "#api/schema/types";
import { tenantUse } from "#dashboard/model/tenant-use";

function pod(name: string, phase: string): Pod {
  const resources = { requests: { cpu: "100m", memory: "64Mi" } };
  return {
    ...{ apiVersion: "v1", kind: "Pod", metadata: { name, namespace: "tenant-a" } },
    spec: { containers: [{ name: "c", image: "i", resources }] },
    status: { phase },
  };
}

describe("what a tenant costs", () => {
  test("is what its living pods use and request, its claims, and its quota", () => {
    const use = tenantUse({
      pods: [pod("a", "Running"), pod("b", "Pending"), pod("old", "Succeeded")],
      use: [
        {
          metadata: { name: "a", namespace: "tenant-a" },
          containers: [{ name: "c", usage: { cpu: "30m", memory: "10Mi" } }],
        },
      ],
      claims: [
        {
          ...{ apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "data" } },
          spec: { resources: { requests: { storage: "1Gi" } } },
        },
      ],
      quota: {
        ...{ apiVersion: "v1", kind: "ResourceQuota", metadata: { name: "kaji-tenant" } },
        status: { hard: { "requests.cpu": "1", pods: "4" } },
      },
    });
    expect(use).toEqual({
      cpuMillis: { used: 30, requested: 200, most: 1000 },
      memoryBytes: { used: 10 * 2 ** 20, requested: 128 * 2 ** 20, most: undefined },
      pods: { requested: 2, most: 4 },
      storageBytes: { requested: 2 ** 30, most: undefined },
    });
  });

  test("does not take what nobody measures for nothing used", () => {
    const use = tenantUse({ pods: [], use: undefined, claims: [], quota: undefined });
    expect(use.cpuMillis).toEqual({ used: undefined, requested: 0, most: undefined });
  });
});
