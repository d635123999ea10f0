import { afterEach, beforeEach, expect, test } from "vitest";
import { clusterRoleBindingKind } from "#api/kinds/cluster-role-binding";
import { clusterRoleKind } from "#api/kinds/cluster-role";
import { tenantKind } from "#api/kinds/tenant";
import type { Client } from "#client/client";
import { createTenants, type Tally } from "#cli/tenants/create-many";
import { readTenants } from "#cli/tenants/rows";
import { startTestApi, type TestApi } from "#test/contract/api-fixture";

let api: TestApi;
let refused: string[];
beforeEach(async () => {
  api = await startTestApi();
  refused = [];
});
afterEach(() => api.close());

async function* lines(texts: readonly string[]): AsyncGenerator<string> {
  yield* texts;
}

function load(client: Client, ...texts: string[]): Promise<Tally> {
  return createTenants(readTenants(lines(texts), "csv"), {
    ...{ client, parallel: 4, signal: new AbortController().signal },
    refuse: (sentence) => refused.push(sentence),
    progress: () => undefined,
  });
}

const names = Array.from({ length: 1_200 }, (_, index) => `shop-${index}`);
const rows = names.map((name) => `${name},basic,${name}.example`);

test("a file of many tenants is created once, however often it is given", async () => {
  expect(await load(api.client, ...rows)).toEqual({ created: 1200, existing: 0, refused: 0 });
  const more = await load(api.client, ...rows, "another,basic,another.example");
  expect(more).toEqual({ created: 1, existing: 1200, refused: 0 });
  expect((await api.client.list(tenantKind)).items).toHaveLength(1201);
});

test("each line that is refused is named with the reason, and the others are created", async () => {
  await load(api.client, "acme,basic,acme.example");
  const tally = await load(
    api.client,
    ...["good,basic,good.example", "thief,basic,acme.example", "Not A Name,basic,x.example"],
    ...["acme,other,acme.example", "fine,basic,fine.example"],
  );
  expect(tally).toEqual({ created: 2, existing: 0, refused: 3 });
  expect(refused.sort()).toEqual([
    expect.stringMatching(/^line 2: .*"acme.example": it belongs to tenant "acme"/),
    expect.stringMatching(/^line 3: /),
    expect.stringMatching(/^line 4: tenant "acme" is there already, with another plan: "basic"$/),
  ]);
});

test("who may create tenants but not send batches creates them one by one", async () => {
  const metadata = { name: "sign-up" };
  await api.client.create(clusterRoleKind, {
    ...{ apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata },
    rules: [{ apiGroups: ["kaji.dev"], resources: ["tenants"], verbs: ["create", "get"] }],
  });
  await api.client.create(clusterRoleBindingKind, {
    ...{ apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRoleBinding", metadata },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "sign-up" },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "clerk" }],
  });
  const clerk = api.clientFor({ name: "clerk", groups: ["system:authenticated"] });
  const tally = await load(clerk, ...rows.slice(0, 40));
  expect(tally).toEqual({ created: 40, existing: 0, refused: 0 });
});
