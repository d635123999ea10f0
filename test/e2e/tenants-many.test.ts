import { spawn } from "node:child_process";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { tenantsFileOf } from "#ingress/nginx/config";
import { ensureNginx, nginxPid, workersByLog } from "#ingress/nginx/process";
import { encodeBackend } from "#ingress/plan/backends";
import { HostLog } from "#ingress/tenants/host-log";
import { TenantPublisher } from "#ingress/tenants/publisher";
import { TenantTable } from "#ingress/tenants/table";
import { listenForTraffic } from "#ingress/traffic/listener";
import { silentLog } from "#kit/log";
import { packageRoot } from "#kit/package-root";
import { sendSignal } from "#kit/send-signal";
import { eventually } from "#test/support/host";
import { type NginxRig, startNginxRig } from "#test/support/nginx-rig";
import { nthTenant, RIG_PLANS } from "#test/support/rig-tenants";
import { visit } from "#test/support/shops";

/** Tenants in a real nginx; the test plays the cluster and the workloads. */
let rig: NginxRig;
let table: TenantTable;
let publisher: TenantPublisher;
let hostLog: HostLog;
let url: string;
const servers: Server[] = [];

beforeEach(async (context) => {
  rig = await startNginxRig(context);
  url = `http://127.0.0.1:${rig.port}/`;
  table = new TenantTable();
  table.setPlans(RIG_PLANS);
  hostLog = new HostLog(tenantsFileOf(rig.settings));
  publisher = new TenantPublisher(rig.admin, hostLog, table);
});

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  await hostLog?.close();
  await rig?.dispose();
});

/** Answers with what `tell` makes of the headers that reach it. */
async function startBackend(tell: (headers: IncomingHttpHeaders) => string): Promise<string> {
  const server = createServer((incoming, response) => response.end(tell(incoming.headers)));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `127.0.0.1:${(server.address() as { port: number }).port}`;
}

const tenantHeader = (headers: IncomingHttpHeaders): string =>
  `${headers["x-kaji-tenant"] ?? "-"} ${headers["x-shop"] ?? "-"}`;

test("a pooled tenant's requests reach the fleet with its name, and no client can name another", async () => {
  await rig.publish("", await startBackend(tenantHeader));
  table.put(nthTenant(1));
  table.put(nthTenant(2, { plan: "named" }));
  await publisher.flush();
  expect(await visit(url, "shop-1.example")).toMatchObject({ status: 200, body: "shop-1 -" });
  expect(await visit(url, "SHOP-1.Example")).toMatchObject({ status: 200, body: "shop-1 -" });
  expect(await visit(url, "shop-2.example")).toMatchObject({ status: 200, body: "- shop-2" });
  const forged = { "X-Kaji-Tenant": "shop-2", "x-shop": "shop-1" };
  expect(await visit(url, "shop-1.example", forged)).toMatchObject({ body: "shop-1 -" });
  expect(await visit(url, "shop-2.example", forged)).toMatchObject({ body: "- shop-2" });
  // An Ingress's own host is answered by the same fleet: it must not be told of a tenant either.
  expect(await visit(url, "shop.example", forged)).toMatchObject({ status: 200, body: "- -" });
  expect(await visit(url, "nobody.example")).toMatchObject({ status: 404 });
});

test("an Ingress with the very host goes before a tenant, and a tenant before an Ingress's wildcard", async () => {
  const address = await startBackend(tenantHeader);
  await rig.publish("", address);
  table.put(nthTenant(1, { hosts: "shop.example a.wild.example" }));
  await publisher.flush();
  const routes = "prefix\t/\tdefault/web:80";
  const set = { type: "set", dictionary: "routes", key: "*.wild.example" } as const;
  await rig.admin.apply([{ ...set, value: `plain\n${routes}` }]);
  expect(await visit(url, "shop.example")).toMatchObject({ body: "- -" });
  expect(await visit(url, "a.wild.example")).toMatchObject({ body: "shop-1 -" });
  expect(await visit(url, "b.wild.example")).toMatchObject({ body: "- -" });
});

test("who is suspended, without a plan or without a fleet is refused with a sentence that says so", async () => {
  await rig.publish("", await startBackend(tenantHeader));
  table.put(nthTenant(1, { isSuspended: true }));
  table.put(nthTenant(2, { plan: "gone" }));
  table.put(nthTenant(3, { plan: "empty" }));
  table.put(nthTenant(4, { plan: "secured" }));
  await publisher.flush();
  const suspended = await visit(url, "shop-1.example");
  expect(suspended).toMatchObject({ status: 503, body: "shop-1.example is suspended" });
  expect(Number(suspended.retryAfter)).toBeGreaterThan(0);
  const planless = await visit(url, "shop-2.example");
  expect(planless).toMatchObject({ status: 503, body: "there is no plan gone for shop-2.example" });
  expect(await visit(url, "shop-3.example")).toMatchObject({ status: 503 });
  expect(await visit(url, "shop-4.example")).toMatchObject({ status: 308 });
  table.put(nthTenant(1));
  await publisher.flush();
  expect(await visit(url, "shop-1.example")).toMatchObject({ status: 200 });
});

test("a dedicated tenant's request waits for its workload to be made, and tells of itself", async () => {
  const heard: string[] = [];
  const listening = new AbortController();
  const socket = join(rig.settings.runDir, "traffic.sock");
  await listenForTraffic(socket, (key) => heard.push(key), listening.signal);
  table.put(nthTenant(7, { plan: "plus" }));
  await publisher.flush();
  const waiting = visit(url, "shop-7.example");
  await eventually("the request is told of", () => heard.length > 0);
  expect(heard).toEqual(["tenant-shop-7/web:80"]);
  const address = await startBackend((headers) => `own of ${headers["x-kaji-tenant"]}`);
  const [host = "", port] = address.split(":");
  const value = encodeBackend([{ address: host, port: Number(port), pod: undefined }]);
  const set = { type: "set", dictionary: "backends", key: "tenant-shop-7/web:80" } as const;
  await rig.admin.apply([{ ...set, value }]);
  expect(await waiting).toMatchObject({ status: 200, body: "own of shop-7" });
  listening.abort();
});

test("20,000 tenants are served by an nginx that starts with everything else down", async () => {
  await rig.publish("", await startBackend(tenantHeader));
  const count = 20_000;
  table.replace(Array.from({ length: count }, (_, index) => nthTenant(index)));
  await publisher.flush();
  table.remove("shop-5");
  await publisher.flush();
  await killNginx();
  await ensureNginx(rig.settings, silentLog);
  for (const index of [0, 1, 4, 6, 9_999, count - 1]) {
    const answer = await visit(url, `shop-${index}.example`);
    expect(answer).toMatchObject({ status: 200, body: `shop-${index} -` });
  }
  expect(await visit(url, "shop-5.example")).toMatchObject({ status: 404 });
});

test("when the ingress process and nginx are killed at any moment, nginx starts with all that was acknowledged", async () => {
  await rig.publish("", await startBackend(tenantHeader));
  for (let round = 1; round <= 3; round++) {
    const acknowledged = await killedWriter(40 * round);
    await killNginx();
    await ensureNginx(rig.settings, silentLog);
    const lost: string[] = [];
    for (const [name, isThere] of acknowledged) {
      const { status } = await visit(url, `${name}.example`);
      if (status !== (isThere ? 200 : 404)) lost.push(`${name}: ${status}`);
    }
    expect(acknowledged.size).toBeGreaterThan(40 * round);
    expect(lost).toEqual([]);
  }
});

/** Lets the writer write until it has told so many lines, kills it, and gives what it was told: there, or gone. */
async function killedWriter(lines: number): Promise<ReadonlyMap<string, boolean>> {
  const script = fileURLToPath(new URL("../support/tenant-writer.ts", import.meta.url));
  const flags = ["--import", "tsx", "--conditions=source"];
  const socket = join(rig.settings.runDir, "admin.sock");
  const args = [...flags, script, socket, tenantsFileOf(rig.settings), "200"];
  const writer = spawn(process.execPath, args, { cwd: packageRoot() });
  let text = "";
  writer.stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  const ended = new Promise((resolve) => writer.once("close", resolve));
  await eventually("the writer writes", () => text.split("\n").length > lines, 30_000);
  writer.kill("SIGKILL");
  await ended;
  const told = new Map<string, boolean>();
  for (let index = 0; index < 200; index++) told.set(`shop-${index}`, true);
  for (const line of text.split("\n").slice(0, -1)) {
    const name = line.slice(1);
    if (line.startsWith("+")) told.set(name, true);
    // Asked for, and perhaps done: whoever was killed in between knows of neither.
    if (line.startsWith("?")) told.delete(name);
    if (line.startsWith("-")) told.set(name, false);
  }
  return told;
}

async function killNginx(): Promise<void> {
  const { runDir, logDir } = rig.settings;
  const master = nginxPid(runDir);
  if (master !== undefined) process.kill(master, "SIGKILL");
  // Some end by themselves when they miss their master.
  for (const pid of workersByLog(logDir)) sendSignal(pid, "SIGKILL");
  await eventually("nginx is gone", () => workersByLog(logDir).length === 0);
}
