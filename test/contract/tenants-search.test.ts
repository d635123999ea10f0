import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tenantKind } from "#api/kinds/tenant";
import type { Tenant } from "#api/schema/own/tenant";
import type { ApiResponse, UserInfo } from "#client/transport";
import { startTestApi, type TestApi } from "#test/contract/api-fixture";
import { tenant } from "#test/contract/tenants-fixture";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  for (let at = 0; at < 40; at++) {
    const spec = { hosts: [`shop-${at}.example`], plan: at % 2 ? "large" : "small" };
    await api.client.create(tenantKind, tenant(`t${String(at).padStart(2, "0")}`, spec));
  }
  await api.client.create(
    tenantKind,
    tenant("boat", {
      owners: [{ kind: "User", name: "Anna Sailor" }],
      parameters: { region: "north" },
      suspended: true,
    }),
  );
});
afterAll(() => api.close());

function search(query: Record<string, string>, user?: UserInfo): Promise<ApiResponse> {
  const path = "/apis/kaji.dev/v1alpha1/tenants";
  return api.send({
    method: "GET",
    path,
    query: new URLSearchParams(query),
    ...(user ? { user } : {}),
  });
}

interface Found {
  readonly items: readonly Tenant[];
  readonly metadata: { readonly continue?: string };
}

async function found(query: Record<string, string>): Promise<Found> {
  const response = await search(query);
  expect(response).toMatchObject({ type: "json", status: 200 });
  return (response as { value: Found }).value;
}

async function names(text: string, more: Record<string, string> = {}): Promise<string[]> {
  const { items } = await found({ search: text, ...more });
  return items.map(({ metadata }) => metadata.name);
}

describe("a search for tenants", () => {
  test("finds by a part of a name, a host, an owner, a parameter, a plan or a phase", async () => {
    expect(await names("boa")).toEqual(["boat"]);
    expect(await names("SHOP-7.")).toEqual(["t07"]);
    expect(await names("sailor")).toEqual(["boat"]);
    expect(await names("region=north")).toEqual(["boat"]);
    expect(await names("phase=suspended")).toEqual(["boat"]);
    expect(await names("plan=large shop-1")).toEqual(["t01", "t11", "t13", "t15", "t17", "t19"]);
    expect(await names("nobody")).toEqual([]);
  });

  test("comes in pages that end", async () => {
    const first = await found({ search: "example", limit: "30" });
    expect(first.items).toHaveLength(30);
    const next = first.metadata.continue ?? "";
    const second = await found({ search: "example", limit: "30", continue: next });
    expect(second.items.map(({ metadata }) => metadata.name)[0]).toBe("t30");
    expect(second.items).toHaveLength(10);
    expect(second.metadata.continue).toBeUndefined();
  });

  test("sees what was just written", async () => {
    expect(await names("brand-new")).toEqual([]);
    await api.client.create(tenantKind, tenant("brand-new"));
    expect(await names("brand-new")).toEqual(["brand-new"]);
    await api.client.delete(tenantKind, { name: "brand-new" });
    expect(await names("brand-new")).toEqual([]);
  });

  test("is narrowed by selectors, as a list is", async () => {
    expect(await names("shop-1", { fieldSelector: "spec.plan=small" })).toEqual([
      ...["t10", "t12", "t14", "t16", "t18"],
    ]);
  });

  test("is refused without words, and to whoever may not list tenants", async () => {
    expect(await search({ search: " " })).toMatchObject({ status: 400 });
    expect(await search({ search: "x".repeat(201) })).toMatchObject({ status: 400 });
    const user = { name: "mallory", groups: ["system:authenticated"] };
    expect(await search({ search: "boat" }, user)).toMatchObject({ status: 403 });
  });
});
