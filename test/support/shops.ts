import { readFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { tenantKind } from "#api/kinds/tenant";
import type { Tenant } from "#api/schema/own/tenant";
import type { Client } from "#client/client";
import { nginxPid, workerPids } from "#ingress/nginx/process";
import type { BulkResult } from "#control-plane/apiserver/serving/bulk-create";
import type { TestCluster } from "#test/support/cluster";

/** Shops by the hundred thousand, for the story that is told of them and for its figures. */
export function shopName(index: number): string {
  return `shop-${String(index).padStart(6, "0")}`;
}

export function shopHost(index: number): string {
  return `${shopName(index)}.shops.example`;
}

export function shop(index: number, plan = "basic"): Tenant {
  return {
    apiVersion: "kaji.dev/v1alpha1",
    kind: "Tenant",
    metadata: { name: shopName(index), labels: { tier: index % 100 === 0 ? "plus" : "basic" } },
    spec: {
      plan,
      hosts: [shopHost(index)],
      owners: [{ kind: "User", name: `owner-${index}@example.com` }],
    },
  };
}

const BATCH = 2_000;
const BATCHES_UNDER_WAY = 3;

/** As the lines of a file, which the API server takes in batches. */
export async function createShops(client: Client, from: number, to: number): Promise<void> {
  let next = from;
  const work = async (): Promise<void> => {
    for (let start = next; start < to; start = next) {
      next = Math.min(to, start + BATCH);
      const lines = Array.from({ length: next - start }, (_, i) => JSON.stringify(shop(start + i)));
      const body = Buffer.from(lines.join("\n"));
      const result = (await client.raw("POST", "/kaji/v1/create", body)) as BulkResult;
      const [first] = result.refused;
      if (first) throw new Error(`${result.refused.length} refused, the first: ${first.message}`);
    }
  };
  await Promise.all(Array.from({ length: BATCHES_UNDER_WAY }, work));
}

const CONCURRENCY = 64;

/** Each by a request of its own. */
export async function createShopsSingly(client: Client, from: number, to: number): Promise<void> {
  let next = from;
  const work = async (): Promise<void> => {
    for (let index = next++; index < to; index = next++)
      await client.create(tenantKind, shop(index));
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
}

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly retryAfter: string | undefined;
  readonly tookMs: number;
}

/** On a connection of its own, as a new visitor comes. */
export function visit(
  url: string,
  host: string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { agent: false, headers: { host, ...headers }, timeout: 60_000 });
    outgoing.on("response", (response) => {
      let body = "";
      response.on("data", (chunk: Buffer) => {
        body += chunk.toString();
      });
      response.on("error", reject);
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          body: body.trim(),
          retryAfter: response.headers["retry-after"],
          tookMs: performance.now() - started,
        }),
      );
    });
    outgoing.on("timeout", () => outgoing.destroy(new Error(`${host} did not answer in time`)));
    outgoing.on("error", reject);
    outgoing.end();
  });
}

const MIB = 1024 * 1024;

/** What a component has in memory, in MiB; nginx's shared dictionaries count once, whoever has touched them. */
export function memoryMib(cluster: TestCluster): Record<"server" | "ingress" | "nginx", number> {
  const master = nginxPid(join(cluster.locations.run, "ingress"));
  const nginx = master === undefined ? [] : [master, ...workerPids(master)];
  return {
    server: sizeOf([cluster.pidOf("server")], "Rss"),
    ingress: sizeOf([cluster.pidOf("ingress")], "Rss"),
    nginx: sizeOf(nginx, "Pss"),
  };
}

function sizeOf(pids: readonly number[], field: "Rss" | "Pss"): number {
  const bytes = pids.map((pid) => {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(text)?.[1]) * 1024;
  });
  return Math.round(bytes.reduce((sum, size) => sum + size, 0) / MIB);
}
