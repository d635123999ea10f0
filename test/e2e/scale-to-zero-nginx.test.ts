import { createServer, type Server } from "node:http";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { workerPids, nginxPid } from "#ingress/nginx/process";
import { readTraffic } from "#ingress/traffic/counts";
import { listenForTraffic } from "#ingress/traffic/listener";
import { askOnce } from "#test/support/ask";
import { eventually } from "#test/support/host";
import { type NginxRig, RIG_BACKEND, startNginxRig } from "#test/support/nginx-rig";

/** Holding and counting in a real nginx; the test plays the ingress process and the workload. */
let rig: NginxRig;
let heard: string[];
let listening: AbortController;
const servers: Server[] = [];

beforeEach(async (context) => {
  rig = await startNginxRig(context);
  heard = [];
  listening = new AbortController();
  const socket = join(rig.settings.runDir, "traffic.sock");
  await listenForTraffic(socket, (key) => heard.push(key), listening.signal);
});

afterEach(async () => {
  listening?.abort();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  await rig?.dispose();
});

function ask(headers: Record<string, string> = {}, path = "/", method = "GET", body = "") {
  const url = `http://127.0.0.1:${rig.port}${path}`;
  return askOnce({ url, host: "shop.example", headers, method, body });
}

/** Answers with what it was sent. */
async function startWorkload(status = 200): Promise<string> {
  const server = createServer((incoming, response) => {
    let body = "";
    incoming.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    incoming.on("end", () => response.writeHead(status).end(`web ${body}`));
  });
  server.on("upgrade", (_, socket: Socket) => {
    socket.write(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: upgrade\r\n\r\n",
    );
    socket.pipe(socket);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `127.0.0.1:${(server.address() as { port: number }).port}`;
}

async function traffic(listen = false) {
  const workers = workerPids(nginxPid(rig.settings.runDir) ?? 0);
  const [found] = await readTraffic(rig.admin, workers, [RIG_BACKEND], listen);
  if (!found) throw new Error("nginx says nothing of the backend");
  return found;
}

async function untilWaiting(count: number): Promise<void> {
  await eventually(`${count} requests wait`, async () => (await traffic()).waiting === count);
}

/** A request is counted when its answer has left. */
async function untilCounted(count: number): Promise<void> {
  await eventually(`${count} are counted`, async () => (await traffic()).requests === count);
}

/** It comes on a connection of its own: after the answer, it may be. Never more than these. */
async function untilHeard(...keys: string[]): Promise<void> {
  await eventually(`${keys.length} are heard`, () => heard.length >= keys.length);
  expect(heard).toEqual(keys);
}

test("20 requests for a sleeping backend wait, are told of once, and are answered when it is there", async () => {
  await rig.publish("hold=100,60000");
  const answers = Array.from({ length: 20 }, (_, i) => ask({}, "/", "POST", `n${i}`));
  await untilWaiting(20);
  await untilHeard(RIG_BACKEND);
  const workload = await startWorkload();
  await rig.publish("hold=100,60000", workload);
  const all = await Promise.all(answers);
  expect(all.map(({ status, body }) => `${status} ${body}`).sort()).toEqual(
    Array.from({ length: 20 }, (_, i) => `200 web n${i}`).sort(),
  );
  for (const { headers } of all) expect(Number(headers["x-kaji-cold-start"])).toBeGreaterThan(0);
  expect((await traffic()).waiting).toBe(0);
  expect((await ask()).headers["x-kaji-cold-start"]).toBeUndefined();
});

test("an endpoint that does not listen yet gets no request before it does", async () => {
  const server = createServer((_, response) => response.end("late"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  await rig.publish("hold=100,60000");
  const first = ask();
  await untilWaiting(1);
  await rig.publish("hold=100,60000", `127.0.0.1:${port}`);
  const second = ask();
  await untilWaiting(2);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  expect((await first).body).toBe("late");
  expect((await second).body).toBe("late");
});

test("a WebSocket's handshake waits too", async () => {
  await rig.publish("hold=100,60000");
  const socket = connect(rig.port, "127.0.0.1");
  let text = "";
  socket.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  socket.write(
    "GET / HTTP/1.1\r\nHost: shop.example\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n",
  );
  await untilWaiting(1);
  await rig.publish("hold=100,60000", await startWorkload());
  await eventually("the handshake", () => text.includes("101 Switching Protocols"));
  expect(text).toMatch(/X-Kaji-Cold-Start: \d+/i);
  socket.write("hello");
  await eventually("the echo", () => text.endsWith("hello"));
  expect((await traffic()).inFlight).toBe(1);
  socket.destroy();
  await eventually("it is gone", async () => (await traffic()).inFlight === 0);
});

test("who is too many is told so at once, and who waited too long as well", async () => {
  await rig.publish("hold=2,4500");
  const held = [ask(), ask()];
  await untilWaiting(2);
  const refused = await ask();
  expect(refused).toMatchObject({ status: 503, headers: { "retry-after": "1" } });
  expect(refused.body).toBe(
    `the service ${RIG_BACKEND} is being started and 2 requests wait for it already`,
  );
  for (const { status, body } of await Promise.all(held)) {
    expect(status).toBe(503);
    expect(body).toBe(`the service ${RIG_BACKEND} had no ready endpoint within 4.5 seconds`);
  }
  expect((await traffic()).waiting).toBe(0);
});

test("a client that goes away frees its place, also when its body was not read", async () => {
  await rig.publish("hold=2,60000");
  const socket = connect(rig.port, "127.0.0.1");
  socket.write("POST / HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 100000\r\n\r\nhalf of it");
  await untilWaiting(1);
  socket.destroy();
  await untilWaiting(0);
});

test("a killed worker's waiting requests are not counted on", async () => {
  await rig.publish("hold=100,60000");
  const failures = Array.from({ length: 6 }, () => ask().catch(() => "cut"));
  await untilWaiting(6);
  expect(await rig.admin.call("GET", "/waiting")).toBe(RIG_BACKEND);
  for (const pid of workerPids(nginxPid(rig.settings.runDir) ?? 0)) process.kill(pid, "SIGKILL");
  expect(await Promise.all(failures)).toEqual(Array.from({ length: 6 }, () => "cut"));
  await eventually("new workers", async () => (await traffic()).waiting === 0);
  // nginx replaces one worker after the other: until then the last one's place is the dead one's.
  await eventually("no key", async () => (await rig.admin.call("GET", "/waiting")) === "");
});

test("health checks neither wake nor count, and hear 200 while it sleeps", async () => {
  const options = "hold=100,60000 probes=/healthz,/ping";
  await rig.publish(options);
  for (const agent of ["kube-probe/1.34", "ELB-HealthChecker/2.0", "GoogleHC/1.0"])
    expect((await ask({ "user-agent": agent })).status).toBe(200);
  expect((await ask({}, "/healthz?x=1")).body).toBe(
    `the service ${RIG_BACKEND} sleeps and starts with its first request`,
  );
  expect(heard).toEqual([]);
  await rig.publish(options, await startWorkload());
  expect((await ask({}, "/ping")).body).toBe("web");
  expect((await traffic()).requests).toBe(0);
  expect(heard).toEqual([]);
  await ask({}, "/healthz/deep");
  await untilCounted(1);
  await untilHeard(RIG_BACKEND);
});

test("what is told is told once, until it is asked for again", async () => {
  await rig.publish("watched", await startWorkload());
  await ask();
  await ask();
  await untilHeard(RIG_BACKEND);
  await traffic(true);
  await ask();
  await untilHeard(RIG_BACKEND, RIG_BACKEND);
});

test("answers are counted by version, errors and duration; a vanished backend leaves nothing", async () => {
  await rig.publish("watched", await startWorkload());
  for (let i = 0; i < 3; i++) await ask();
  await rig.publish("watched", await startWorkload(500));
  await ask();
  await untilCounted(4);
  const found = await traffic();
  const [counts] = found.versions;
  expect(counts).toMatchObject({ name: "", errors: 1, upgraded: 0 });
  expect(counts?.buckets).toHaveLength(12);
  expect(counts?.buckets.reduce((sum, count) => sum + count, 0)).toBe(4);
  await rig.admin.keep("backends", []);
  const after = await traffic();
  expect(after).toMatchObject({ requests: 0, versions: [] });
  expect(after.epoch).not.toBe(found.epoch);
});
