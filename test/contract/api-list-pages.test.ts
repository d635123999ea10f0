import { afterEach, beforeEach, expect, test } from "vitest";
import { configMapKind } from "#api/kinds/config-map";
import { namespaceKind } from "#api/kinds/namespace";
import type { ConfigMap } from "#api/schema/types";
import { configMap, startTestApi, type TestApi } from "#test/contract/api-fixture";

let api: TestApi;
beforeEach(async () => {
  api = await startTestApi();
});
afterEach(() => api.close());

const SELECTION = { namespace: "default", labelSelector: "!foreign" };

function named(name: string, value: string): ConfigMap {
  return configMap(name, { value });
}

/** All pages of a list, with a write of everything between each two. */
async function pagesWhileWriting(names: readonly string[], limit: number): Promise<ConfigMap[]> {
  const found: ConfigMap[] = [];
  let token: string | undefined;
  let round = 1;
  do {
    const page = await api.client.list(configMapKind, {
      ...{ namespace: "default", limit },
      ...(token ? { continue: token } : {}),
    });
    found.push(...page.items);
    token = page.metadata.continue;
    for (const name of names) await api.client.update(configMapKind, named(name, `round-${round}`));
    await api.client.create(configMapKind, named(`new-${round}`, "0"));
    round++;
  } while (token);
  return found;
}

test("all pages of a list show one state, however much is written meanwhile", async () => {
  const names = Array.from({ length: 25 }, (_, index) => `map-${String(index).padStart(2, "0")}`);
  for (const name of names) await api.client.create(configMapKind, named(name, "first"));
  const before = await api.client.list(configMapKind, { namespace: "default" });
  const found = await pagesWhileWriting(names, 7);
  expect(found.map(({ metadata }) => metadata.name)).toEqual(
    before.items.map(({ metadata }) => metadata.name),
  );
  const values = found.filter(({ data }) => data?.value).map(({ data }) => data?.value);
  expect(new Set(values)).toEqual(new Set(["first"]));
});

test("each page says how many come after it, and what selects says only that some do", async () => {
  for (let index = 0; index < 12; index++) {
    await api.client.create(configMapKind, named(`map-${index}`, "x"));
  }
  const all = (await api.client.list(configMapKind, { namespace: "default" })).items.length;
  const first = await api.client.list(configMapKind, { namespace: "default", limit: 5 });
  expect(first.metadata.remainingItemCount).toBe(all - 5);
  const token = first.metadata.continue ?? "";
  await api.client.create(configMapKind, named("zz", "later"));
  const next = { namespace: "default", limit: 5, continue: token };
  const second = await api.client.list(configMapKind, next);
  expect(second.metadata.remainingItemCount).toBe(all - 10);
  const selected = await api.client.list(configMapKind, { ...SELECTION, limit: 5 });
  expect(selected.metadata.continue).toBeDefined();
  expect(selected.metadata.remainingItemCount).toBeUndefined();
});

test("a list of one namespace as it was shows no other namespace, also where the state of all is kept", async () => {
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "zoo" }, spec: {} };
  await api.client.create(namespaceKind, namespace);
  await api.client.create(configMapKind, named("not-the-zoos", "secret"));
  const inZoo = (name: string): ConfigMap => ({
    ...configMap(name),
    metadata: { name, namespace: "zoo" },
  });
  for (const name of ["a", "b"]) await api.client.create(configMapKind, inZoo(name));
  const first = await api.client.list(configMapKind, { namespace: "zoo", limit: 1 });
  await api.client.create(configMapKind, inZoo("c"));
  for (const more of ["resourceVersionMatch=Exact", "limit=500"]) {
    const query = `resourceVersion=${first.metadata.resourceVersion}&${more}`;
    const path = `/api/v1/namespaces/zoo/configmaps?${query}`;
    const { items } = (await api.client.raw("GET", path)) as { items: ConfigMap[] };
    const seen = items.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
    expect(seen).toEqual(["zoo/a", "zoo/b", "zoo/kube-root-ca.crt"]);
  }
});

test("a list of one name finds it or nothing, with what else is selected", async () => {
  await api.client.create(configMapKind, named("one", "1"));
  const list = async (fieldSelector: string): Promise<string[]> => {
    const { items } = await api.client.list(configMapKind, { namespace: "default", fieldSelector });
    return items.map(({ metadata }) => metadata.name);
  };
  expect(await list("metadata.name=one")).toEqual(["one"]);
  expect(await list("metadata.name=two")).toEqual([]);
  expect(await list("metadata.name=one,metadata.namespace=other")).toEqual([]);
  expect(await list("metadata.name=one,metadata.name=two")).toEqual([]);
  expect(await list("metadata.name!=one")).not.toContain("one");
  await expect(list("metadata.name=one,spec.colour=red")).rejects.toThrow("not supported");
});
