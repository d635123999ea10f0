import { createServer, type IncomingMessage, request } from "node:http";
import { afterEach, expect, test, type TestContext } from "vitest";
import { nginxPid, workerPids } from "#ingress/nginx/process";
import type { Endpoint } from "#ingress/plan/backends";
import { readTraffic } from "#ingress/traffic/counts";
import { eventually } from "#test/support/host";
import { type NginxRig, startNginxRig } from "#test/support/nginx-rig";

/** How nginx shares requests out between versions, and copies them: real nginx, servers of this process behind it. */
const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function start(context: TestContext): Promise<NginxRig> {
  const rig = await startNginxRig(context);
  cleanUps.push(() => rig.dispose());
  return rig;
}

interface Version {
  readonly asked: IncomingMessage[];
  endpoint(share: Pick<Endpoint, "weight" | "mirrorPercent">): Endpoint;
  stop(): Promise<void>;
}

async function startVersion(name: string, status = 200): Promise<Version> {
  const asked: IncomingMessage[] = [];
  const server = createServer((incoming, response) => {
    asked.push(incoming);
    response.statusCode = status;
    response.end(name);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  cleanUps.push(stop);
  const endpoint = (share: Pick<Endpoint, "weight" | "mirrorPercent">): Endpoint => ({
    address: "127.0.0.1",
    port,
    pod: undefined,
    version: name,
    ...share,
  });
  return { asked, endpoint, stop };
}

async function ask({ port }: NginxRig, method = "GET", body = ""): Promise<string> {
  const headers = { host: "shop.example", ...(body ? { "content-length": body.length } : {}) };
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { port, method, path: "/a%20b?c=d", headers, agent: false },
      (response) => {
        let text = "";
        response.on("data", (chunk: Buffer) => {
          text += chunk.toString();
        });
        response.on("end", () => resolve(`${response.statusCode} ${text}`));
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

async function askMany(rig: NginxRig, count: number): Promise<Map<string, number>> {
  const answers = new Map<string, number>();
  for (let i = 0; i < count; i++) {
    const answer = await ask(rig);
    answers.set(answer, (answers.get(answer) ?? 0) + 1);
  }
  return answers;
}

test("versions get exactly their shares of the requests, however many endpoints each has", async (context) => {
  const rig = await start(context);
  const [old, more, fresh] = await Promise.all(
    ["old", "old", "fresh"].map((name) => startVersion(name)),
  );
  if (!old || !more || !fresh) throw new Error("no servers");
  await rig.serve([
    old.endpoint({ weight: 90 }),
    more.endpoint({ weight: 90 }),
    fresh.endpoint({ weight: 10 }),
  ]);
  const answers = await askMany(rig, 300);
  expect([...answers.keys()].sort()).toEqual(["200 fresh", "200 old"]);
  // Each of the two workers counts for itself.
  expect(answers.get("200 fresh")).toBeGreaterThanOrEqual(28);
  expect(answers.get("200 fresh")).toBeLessThanOrEqual(32);
  expect(old.asked.length).toBeGreaterThan(50);
  expect(more.asked.length).toBeGreaterThan(50);
});

test("a request that a dead endpoint of the new version could not take is answered by the old one", async (context) => {
  const rig = await start(context);
  const old = await startVersion("old");
  const dead = await startVersion("fresh");
  await dead.stop();
  await rig.serve([old.endpoint({ weight: 50 }), dead.endpoint({ weight: 50 })]);
  expect(await askMany(rig, 50)).toEqual(new Map([["200 old", 50]]));
});

test("copies go to the tried version and are counted as its own, and no client sees their answers", async (context) => {
  const rig = await start(context);
  const old = await startVersion("old");
  const fresh = await startVersion("fresh", 500);
  const copies = fresh.endpoint({ weight: 0, mirrorPercent: 50 });
  await rig.serve([old.endpoint({ weight: 100 }), copies], "watched");
  expect(await askMany(rig, 40)).toEqual(new Map([["200 old", 40]]));
  await eventually("half of them were copied", () => fresh.asked.length >= 19);
  expect(fresh.asked.length).toBeLessThanOrEqual(21);
  expect(fresh.asked[0]).toMatchObject({
    method: "GET",
    url: "/a%20b?c=d",
    headers: { host: "shop.example", "x-kaji-copy": "true", connection: "close" },
  });
  const workers = workerPids(nginxPid(rig.settings.runDir) ?? 0);
  await eventually("no copy is in flight", async () => {
    const names = workers.map((pid) => `127.0.0.1:${copies.port}|${pid}`);
    return (await rig.admin.counters(names)).every((count) => count === 0);
  });
  const [measured] = await readTraffic(rig.admin, workers, ["default/web:80"]);
  const counted = new Map(measured?.versions.map(({ name, errors }) => [name, errors]));
  expect(counted.get("old")).toBe(0);
  expect(counted.get("fresh")).toBe(fresh.asked.length);
});

test("a ninth version is counted like those before it, and so is the old one beside it", async (context) => {
  const rig = await start(context);
  const old = await startVersion("old");
  const workers = workerPids(nginxPid(rig.settings.runDir) ?? 0);
  for (let i = 1; i <= 18; i++) {
    const fresh = await startVersion(`v${i}`, 500);
    await rig.serve([old.endpoint({ weight: 50 }), fresh.endpoint({ weight: 50 })], "watched");
    await askMany(rig, 10);
    const [measured] = await readTraffic(rig.admin, workers, ["default/web:80"]);
    const errors = new Map(measured?.versions.map((one) => [one.name, one.errors]));
    expect(errors.get(`v${i}`), `version ${i}`).toBeGreaterThan(0);
    expect(errors.get("old"), `the old one beside version ${i}`).toBe(0);
    await fresh.stop();
  }
});

test("what writes is not copied", async (context) => {
  const rig = await start(context);
  const old = await startVersion("old");
  const fresh = await startVersion("fresh");
  await rig.serve([
    old.endpoint({ weight: 100 }),
    fresh.endpoint({ weight: 0, mirrorPercent: 100 }),
  ]);
  expect(await ask(rig, "POST", "order")).toBe("200 old");
  expect(await ask(rig, "DELETE")).toBe("200 old");
  expect(await ask(rig, "GET", "with a body")).toBe("200 old");
  expect(await ask(rig)).toBe("200 old");
  await eventually("the GET was copied", () => fresh.asked.length > 0);
  expect(fresh.asked.map(({ method }) => method)).toEqual(["GET"]);
});
