import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tenantKind } from "#api/kinds/tenant";
import { createClient } from "#client/api-client";
import type { Client } from "#client/client";
import { loadKubeconfig } from "#client/kubeconfig";
import { restTransport } from "#client/rest";
import { packageRoot } from "#kit/package-root";
import { seededRng } from "#kit/rng";
import { eventually } from "#test/support/host";
import { busyboxTar, createCluster, type TestCluster } from "#test/support/cluster";
import { createShops, memoryMib, shopHost, shopName, visit } from "#test/support/shops";

/**
 * The story of docs/shopify.md: sign-ups become running shops. How many: KAJI_TENANTS.
 */
const SHOPS = Number(process.env.KAJI_TENANTS ?? 200_000);
const FIRST_VISITS = 1_000;
/** Server, ingress and nginx together. */
const MEMORY_LIMIT_MIB = 1_500;

let cluster: TestCluster;
let client: Client;
let scratch: string;
const cleanUps: (() => Promise<void>)[] = [];

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "kaji-shopify-"));
  cluster = await createCluster({ podCidr: "10.241.0.0/16", serviceCidr: "10.91.0.0/16" });
  cleanUps.push(() => cluster.dispose());
  expect(await cluster.up()).toMatchObject({ code: 0 });
  const image = await busyboxTar(scratch);
  expect(await cluster.kaji("import", image, "kaji.dev/busybox:latest")).toMatchObject({ code: 0 });
  for (const file of ["fleet.yaml", "plans.yaml"]) {
    const path = join(packageRoot(), "manifests/shopify", file);
    const applied = await cluster.kaji("apply", "-f", path);
    expect(applied, applied.stderr).toMatchObject({ code: 0 });
  }
  const transport = restTransport((await loadKubeconfig(cluster.kubeconfig)).rest);
  cleanUps.push(() => transport.close());
  client = createClient(transport);
}, 60_000);

afterAll(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
  rmSync(scratch, { recursive: true, force: true });
}, 60_000);

test(`${SHOPS} shops sign up, and a thousand of them answer their first visitor with their name`, async () => {
  const t = performance.now();
  await createShops(client, 0, SHOPS);
  console.log("created", performance.now() - t, memoryMib(cluster));
  const { items, metadata } = await client.list(tenantKind, { limit: 500 });
  expect(items.length + (metadata.remainingItemCount ?? 0)).toBe(SHOPS);
  const rng = seededRng(1);
  const chosen = Array.from({ length: FIRST_VISITS }, () => Math.floor(rng.next() * SHOPS));
  await eventually("the last shop is open", async () => {
    const { status } = await visit(cluster.url, shopHost(SHOPS - 1));
    return status === 200;
  });
  for (const index of chosen) {
    const answer = await visit(cluster.url, shopHost(index));
    expect(answer).toMatchObject({ status: 200, body: shopName(index) });
  }
  const memory = memoryMib(cluster);
  console.log(memory);
  expect(memory.server + memory.ingress + memory.nginx).toBeLessThan(MEMORY_LIMIT_MIB);
}, 110_000);
