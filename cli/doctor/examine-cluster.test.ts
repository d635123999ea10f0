import { expect, test } from "vitest";
import { examineCluster } from "#cli/doctor/examine-cluster";
import { createClient } from "#client/api-client";
import type { ApiRequest, ApiResponse } from "#client/transport";

/** 25 tenants, the last of which has failed, and nothing else; pages as the API gives them. */
const tenants = Array.from({ length: 25 }, (_, at) => ({
  metadata: { name: `t${at}`, uid: `uid-${at}` },
  status: { phase: at === 24 ? "Failed" : "Ready" },
}));

function api(asked: string[]): (request: ApiRequest) => Promise<ApiResponse> {
  return async ({ path, query }) => {
    asked.push(`${path}?${query}`);
    if (path === "/version") return answer({ gitVersion: "v1.34.0" });
    if (path === "/kaji/v1/encryption") return answer({ unencrypted: 0 });
    if (!path.endsWith("/tenants")) return answer({ items: [], metadata: {} });
    if (query.has("fieldSelector")) return answer({ items: tenants.slice(24), metadata: {} });
    const from = Number(query.get("continue") ?? 0);
    const to = from + Number(query.get("limit"));
    const rest = tenants.length - to;
    const more = rest > 0 ? { continue: String(to), remainingItemCount: rest } : {};
    return answer({ items: tenants.slice(from, to), metadata: more });
  };
}

function answer(value: unknown): ApiResponse {
  return { type: "json", status: 200, value };
}

test("of a kind with too many objects some are read, those that failed, and how many are left", async () => {
  const asked: string[] = [];
  const facts = await examineCluster(createClient(api(asked)), 10);
  expect(facts.cut).toEqual([{ plural: "tenants", read: 10, left: 15 }]);
  expect(facts.unread).toEqual(["tenants"]);
  const names = facts.objects.of("Tenant").map(({ metadata }) => metadata.name);
  expect(names).toEqual([...Array.from({ length: 10 }, (_, at) => `t${at}`), "t24"]);
  expect(asked.filter((one) => one.includes("/tenants?"))).toEqual([
    "/apis/kaji.dev/v1alpha1/tenants?limit=10",
    "/apis/kaji.dev/v1alpha1/tenants?fieldSelector=status.phase%3DFailed&limit=2000",
  ]);
});

test("of a kind with fewer all are read, page by page, and nothing is said of the rest", async () => {
  const facts = await examineCluster(createClient(api([])));
  expect(facts.cut).toEqual([]);
  expect(facts.objects.of("Tenant")).toHaveLength(25);
});
