// lane: alone (200,000 tenants need all of the processors)
import { createWriteStream, readFileSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { podKind } from "#api/kinds/pod";
import { tenantKind } from "#api/kinds/tenant";
import { createClient } from "#client/api-client";
import type { Client } from "#client/client";
import { loadKubeconfig } from "#client/kubeconfig";
import { restTransport } from "#client/rest";
import { packageRoot } from "#kit/package-root";
import { seededRng } from "#kit/rng";
import { runProgram } from "#test/support/cluster";
import { eventually, requireHost } from "#test/support/host";
import { startLoad } from "#test/support/load";
import { PARITY_NEEDS, parityCluster } from "#test/support/parity";
import { memoryMib, shop, shopHost, shopName, visit } from "#test/support/shops";

/**
 * The story of docs/shopify.md: sign-ups from a file become shops that answer. The tests build on each other in
 * order. KAJI_TENANTS says how many there are: 200000 is the whole story, and takes minutes on a busy machine.
 */
const SHOPS = Number(process.env.KAJI_TENANTS ?? 50_000);
/** The last ones of the file have workloads of their own; the very last is hostile. */
const DEDICATED = 5;
const HOSTILE = SHOPS - 1;
const VICTIM = SHOPS - 2;
const FIRST_VISITS = 1_000;
const VISITORS = 10;
/** Server, ingress process and nginx together. */
const MEMORY_LIMIT_MIB = 1_500;
const SIGN_UP_LIMIT_MS = 300_000;
const IDLE_SECONDS = 6;

const MANIFESTS = join(packageRoot(), "manifests/shopify");
const at = parityCluster({
  podCidr: "10.241.0.0/16",
  serviceCidr: "10.91.0.0/16",
  image: "kaji.dev/busybox:latest",
});
let client: Client;
let closeClient = async (): Promise<void> => undefined;

beforeAll(async () => {
  if (!at.isPossible) return;
  const transport = restTransport((await loadKubeconfig(at.cluster.kubeconfig)).rest);
  closeClient = () => transport.close();
  client = createClient(transport);
  // As in the docs, but that nobody waits half a minute to see a shop fall asleep.
  const text = readFileSync(join(MANIFESTS, "plans.yaml"), "utf8");
  const plans = join(at.scratch, "plans.yaml");
  const soon = text.replaceAll(/(idleTimeout|window)Seconds: \d+/g, `$1Seconds: ${IDLE_SECONDS}`);
  writeFileSync(plans, soon);
  await at.kubectl("apply", "-f", join(MANIFESTS, "fleet.yaml"), "-f", plans);
}, 60_000);

afterAll(() => closeClient());

function ownerOf(index: number): string {
  return `owner-${index}@example.com`;
}

async function writeSignUps(path: string): Promise<void> {
  const file = createWriteStream(path);
  for (let index = 0; index < SHOPS; index++) {
    const plan = index >= SHOPS - DEDICATED ? "plus" : "basic";
    if (!file.write(`${JSON.stringify(shop(index, plan))}\n`)) await once(file, "drain");
  }
  file.end();
  await once(file, "close");
}

test(`${SHOPS} shops sign up from a file`, { timeout: SIGN_UP_LIMIT_MS }, async (context) => {
  requireHost(context, PARITY_NEEDS);
  const file = join(at.scratch, "shops.jsonl");
  await writeSignUps(file);
  const args = [
    "tenant",
    "create",
    "-f",
    file,
    "--parallel",
    "4",
    "--root-dir",
    at.cluster.rootDir,
  ];
  const limits = { timeoutMs: SIGN_UP_LIMIT_MS };
  const { stdout, stderr } = await runProgram(join(packageRoot(), "kaji"), args, limits);
  expect(stdout, stderr).toBe(`${SHOPS} created, 0 there already, 0 refused\n`);
  const { items, metadata } = await client.list(tenantKind, { limit: 500 });
  expect(items.length + (metadata.remainingItemCount ?? 0)).toBe(SHOPS);
  await eventually("the newest pooled shop is open", async () => {
    return (await visit(at.cluster.url, shopHost(SHOPS - DEDICATED - 1))).status === 200;
  });
});

test("a thousand random shops answer their first visitor with their own name", {
  timeout: 60_000,
}, async (context) => {
  requireHost(context, PARITY_NEEDS);
  const rng = seededRng(1);
  const chosen = Array.from({ length: FIRST_VISITS }, () =>
    Math.floor(rng.next() * (SHOPS - DEDICATED)),
  );
  const wrong: string[] = [];
  const visitor = async (): Promise<void> => {
    for (let index = chosen.pop(); index !== undefined; index = chosen.pop()) {
      const { status, body } = await visit(at.cluster.url, shopHost(index));
      if (status !== 200 || body !== shopName(index))
        wrong.push(`${shopName(index)}: ${status} ${body}`);
    }
  };
  await Promise.all(Array.from({ length: VISITORS }, visitor));
  expect(wrong).toEqual([]);
});

test("the dedicated ones are made by their first visitor, fall asleep, and wake for the next", {
  timeout: 110_000,
}, async (context) => {
  requireHost(context, PARITY_NEEDS);
  const dedicated = Array.from({ length: DEDICATED }, (_, i) => SHOPS - DEDICATED + i);
  const podsOfShops = async () => {
    const { items } = await client.list(podKind);
    return items.filter(({ metadata }) => metadata.namespace?.startsWith("tenant-"));
  };
  expect(await podsOfShops()).toEqual([]);
  const visitAll = async (): Promise<void> => {
    for (const index of dedicated) {
      const answer = await visit(at.cluster.url, shopHost(index));
      expect(answer, shopName(index)).toMatchObject({ status: 200, body: shopName(index) });
    }
  };
  await visitAll();
  await eventually("all are asleep", async () => (await podsOfShops()).length === 0, 60_000);
  const phases = async (): Promise<unknown[]> => {
    const found = await Promise.all(
      dedicated.map((index) => client.get(tenantKind, shopName(index))),
    );
    return found.map(({ status }) => status?.phase);
  };
  await eventually("their records say so", async () =>
    (await phases()).every((one) => one === "Asleep"),
  );
  await visitAll();
});

test("one is hostile: it gets no host, no object and no requests of another, and slows nobody down for long", {
  timeout: 60_000,
}, async (context) => {
  requireHost(context, PARITY_NEEDS);
  const as = ["--as", ownerOf(HOSTILE)];
  const own = `tenant-${shopName(HOSTILE)}`;
  const theirs = `tenant-${shopName(VICTIM)}`;
  expect(await at.kubectl(...as, "get", "deployments", "-n", own, "-o", "name")).toContain("web");
  for (const stolen of ["secrets", "pods", "services", "configmaps", "deployments"]) {
    expect(await at.refused(...as, "get", stolen, "-n", theirs)).toContain("Forbidden");
  }
  for (const all of ["tenants", "namespaces", "secrets"]) {
    expect(await at.refused(...as, "get", all, "-A")).toContain("Forbidden");
  }
  const rule = `${shopHost(VICTIM)}/*=web:80`;
  const ingress = ["create", "ingress", "theft", `--rule=${rule}`, "-n", own];
  expect(await at.refused(...as, ...ingress)).toMatch(/forbidden/i);
  const theft = { ...shop(SHOPS, "plus"), spec: { plan: "plus", hosts: [shopHost(VICTIM)] } };
  await expect(client.create(tenantKind, theft)).rejects.toThrow(/belongs to/);
  const forged = await visit(at.cluster.url, shopHost(0), { "X-Kaji-Tenant": shopName(1) });
  expect(forged).toMatchObject({ status: 200, body: shopName(0) });
  expect(await visit(at.cluster.url, shopHost(HOSTILE))).toMatchObject({ status: 200 });
  const clients = { keepAliveClients: 20, newConnectionClients: 5, pauseMs: 0 };
  const flood = startLoad({ url: at.cluster.url, host: shopHost(HOSTILE), ...clients });
  await eventually("the flood is on", () => flood.result.requests > 200);
  for (let index = 0; index < 50; index++) {
    const answer = await visit(at.cluster.url, shopHost(index));
    expect(answer).toMatchObject({ status: 200, body: shopName(index) });
  }
  await flood.stop();
});

test("the machine stays within the stated memory", async (context) => {
  requireHost(context, PARITY_NEEDS);
  const { server, ingress, nginx } = memoryMib(at.cluster);
  console.log(`${SHOPS} tenants: server ${server}, ingress ${ingress}, nginx ${nginx} MiB`);
  expect(server + ingress + nginx).toBeLessThan(MEMORY_LIMIT_MIB);
});
