import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, type TestContext } from "vitest";
import { createNginxAdmin, type NginxAdmin } from "#ingress/nginx/admin";
import type { NginxSettings } from "#ingress/nginx/config";
import { ensureNginx, MODULES_DIR, nginxPid, stopNginx, workerPids } from "#ingress/nginx/process";
import { encodeBackend } from "#ingress/plan/backends";
import type { Entries } from "#ingress/plan/entries";
import { Publisher } from "#ingress/publisher";
import { silentLog } from "#kit/log";
import { packageRoot } from "#kit/package-root";
import { eventually, freePorts, requireHost } from "#test/support/host";
import { startLoad } from "#test/support/load";

interface Rig {
  settings: NginxSettings;
  admin: NginxAdmin;
  publisher: Publisher;
  url: string;
}

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function startRig(context: TestContext): Promise<Rig> {
  requireHost(context, {
    root: true,
    programs: ["nginx"],
    files: [`${MODULES_DIR}/ngx_http_lua_module.so`],
  });
  const folder = mkdtempSync(join(tmpdir(), "kaji-ingress-"));
  const [httpPort = 0, httpsPort = 0] = await freePorts(2);
  const settings: NginxSettings = {
    ...{
      runDir: join(folder, "run"),
      logDir: join(folder, "log"),
      stateFile: join(folder, "lib/state"),
    },
    address: "127.0.0.1",
    httpPort,
    httpsPort,
    workers: 2,
    modulesDir: MODULES_DIR,
    luaDir: join(packageRoot(), "ingress/lua"),
  };
  const admin = createNginxAdmin(join(settings.runDir, "admin.sock"));
  const publisher = new Publisher(admin, settings.stateFile, silentLog);
  cleanUps.push(async () => {
    await publisher.flush();
    await stopNginx(settings);
    rmSync(folder, { recursive: true, force: true });
  });
  await ensureNginx(settings, silentLog);
  return { settings, admin, publisher, url: `http://127.0.0.1:${httpPort}/` };
}

/** A container's stand-in: answers its name after a moment, and stops like a process that gets SIGKILL. */
async function startBackend(
  name: string,
  delayMs = 5,
): Promise<{ address: string; kill(): Promise<void> }> {
  const server: Server = createServer((_, response) => {
    setTimeout(() => response.end(name), delayMs);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const kill = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  cleanUps.push(kill);
  return { address: `127.0.0.1:${(server.address() as { port: number }).port}`, kill };
}

function entries(addresses: readonly string[], routes = "prefix\t/\tdefault/web:80"): Entries {
  return {
    routes: new Map([["shop.example", `plain\n${routes}`]]),
    backends: new Map([["default/web:80", backendEntry(...addresses)]]),
    certificates: new Map(),
  };
}

function backendEntry(...addresses: readonly string[]): string {
  const endpoints = addresses.map((one) => {
    const { hostname, port } = new URL(`http://${one}`);
    return { address: hostname, port: Number(port), pod: undefined };
  });
  return encodeBackend(endpoints);
}

async function fetchText(
  url: string,
  host = "shop.example",
): Promise<{ status: number; body: string }> {
  const { request } = await import("node:http");
  return new Promise((resolve, reject) => {
    request(url, { headers: { host }, agent: false }, (response) => {
      let body = "";
      response.on("data", (chunk: Buffer) => {
        body += chunk.toString();
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: body.trim() }));
    })
      .on("error", reject)
      .end();
  });
}

test("a published backend answers at once, an unknown host gets 404 and an empty backend 503", async (context) => {
  const { publisher, url } = await startRig(context);
  const backend = await startBackend("v1");
  await publisher.publish(entries([backend.address]));
  expect(await fetchText(url)).toEqual({ status: 200, body: "v1" });
  expect((await fetchText(url, "other.example")).status).toBe(404);
  await publisher.publish(entries([]));
  expect((await fetchText(url)).status).toBe(503);
});

test("paths match as Kubernetes says: exact first, then the longest prefix, by whole elements", async (context) => {
  const { publisher, url } = await startRig(context);
  const names = ["root", "shop", "exact"];
  const backends = await Promise.all(names.map((name) => startBackend(name)));
  await publisher.publish({
    routes: new Map([
      ["shop.example", "plain\nexact\t/shop/x\tb/2\nprefix\t/shop/\tb/1\nprefix\t/\tb/0"],
      ["*.wild.example", "plain\nprefix\t/\tb/1"],
    ]),
    backends: new Map(backends.map(({ address }, i) => [`b/${i}`, backendEntry(address)])),
    certificates: new Map(),
  });
  const ask = async (path: string, host?: string): Promise<string> =>
    (await fetchText(url + path, host)).body;
  expect(await ask("shop")).toBe("shop");
  expect(await ask("shop/y")).toBe("shop");
  expect(await ask("shopping")).toBe("root");
  expect(await ask("shop/x")).toBe("exact");
  expect(await ask("shop/x/y")).toBe("shop");
  expect(await ask("", "a.wild.example")).toBe("shop");
  expect((await fetchText(url, "a.b.wild.example")).status).toBe(404);
});

test("30 swaps under load lose no request when the old container is killed after its drain", async (context) => {
  const { admin, publisher, settings, url } = await startRig(context);
  const load = startLoad({
    url,
    host: "shop.example",
    keepAliveClients: 10,
    newConnectionClients: 4,
  });
  cleanUps.push(async () => void (await load.stop()));
  let current = await startBackend("v0");
  await publisher.publish(entries([current.address]));
  await load.stop();
  const measured = startLoad({
    url,
    host: "shop.example",
    keepAliveClients: 10,
    newConnectionClients: 4,
  });
  for (let i = 1; i <= 30; i++) {
    const next = await startBackend(`v${i}`);
    await publisher.publish(entries([next.address]));
    const workers = workerPids(nginxPid(settings.runDir) ?? 0);
    const { address } = current;
    await eventually("the old container has drained", async () => {
      const counts = await admin.counters(workers.map((pid) => `${address}|${pid}`));
      return counts.every((count) => count === 0);
    });
    await current.kill();
    current = next;
  }
  const result = await measured.stop();
  expect(result.failures).toEqual([]);
  expect(result.requests).toBeGreaterThan(100);
});

test("nginx that was killed comes back with its endpoints from the file alone", async (context) => {
  const { publisher, settings, url } = await startRig(context);
  const backend = await startBackend("v1");
  await publisher.publish(entries([backend.address]));
  await publisher.flush();
  const master = nginxPid(settings.runDir) ?? 0;
  process.kill(master, "SIGKILL");
  await eventually("nginx is gone", () => nginxPid(settings.runDir) === undefined);
  await ensureNginx(settings, silentLog);
  expect(await fetchText(url)).toEqual({ status: 200, body: "v1" });
});

test("a fresh publisher takes over what an earlier one left and removes what is no longer wanted", async (context) => {
  const { admin, publisher, settings, url } = await startRig(context);
  const backend = await startBackend("v1");
  await publisher.publish({
    ...entries([backend.address]),
    routes: new Map([["old.example", "plain\nprefix\t/\tdefault/web:80"]]),
  });
  const fresh = new Publisher(admin, settings.stateFile, silentLog);
  await fresh.publish(entries([backend.address]));
  await fresh.flush();
  expect((await fetchText(url, "old.example")).status).toBe(404);
  expect((await fetchText(url)).body).toBe("v1");
});
