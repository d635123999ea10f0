import { createServer, type Server, type ServerResponse } from "node:http";
import { get } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { nginxPid, workerPids } from "#ingress/nginx/process";
import { eventually } from "#test/support/host";
import { type NginxRig, startNginxRig } from "#test/support/nginx-rig";

/** What a drain reads of a real nginx: requests in flight by endpoint, over both workers. */
let rig: NginxRig | undefined;
let web: Server;
let address: string;
/** Requests that have arrived and have no answer yet. */
let held: ServerResponse[];

beforeEach(async (context) => {
  rig ??= await startNginxRig(context);
  held = [];
  web = createServer((_, response) => void held.push(response));
  await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
  address = `127.0.0.1:${(web.address() as AddressInfo).port}`;
});
afterEach(async () => {
  web.closeAllConnections();
  web.close();
  await rig?.dispose();
  rig = undefined;
});

const there = (): NginxRig => rig as NginxRig;

async function counted(): Promise<number> {
  const { admin, settings } = there();
  const pids = workerPids(nginxPid(settings.runDir) ?? 0);
  const counts = await admin.counters(pids.map((pid) => `${address}|${pid}`));
  return counts.reduce((sum, one) => sum + Math.max(0, one), 0);
}

/** One more request; resolves when it has arrived. Its answer is waited for by `end`. */
const answers: Promise<void>[] = [];
async function begin(): Promise<void> {
  const before = held.length;
  answers.push(
    new Promise((resolve, reject) => {
      get(
        `http://127.0.0.1:${there().port}/`,
        { headers: { host: "shop.example" }, agent: false },
        (response) => response.resume().on("end", resolve),
      ).on("error", reject);
    }),
  );
  await eventually("the request arrives", () => held.length > before);
}

async function end(): Promise<void> {
  held.shift()?.end("done");
  await answers.shift();
}

test("the count is zero exactly when no request is in flight, however they come and go", async () => {
  await there().publish("", address);
  expect(await counted()).toBe(0);
  // Up, down to a few, up again and down to none: "+" begins one, "-" ends one.
  for (const step of "+++++++--+-----+++------") {
    await (step === "+" ? begin() : end());
    const inFlight = held.length;
    await eventually(`${inFlight} are in flight`, async () => {
      const count = await counted();
      return inFlight === 0 ? count === 0 : count > 0;
    });
    if (inFlight > 0) expect(await counted()).toBeGreaterThanOrEqual(inFlight / 2);
  }
  expect(held).toHaveLength(0);
});

test("of a backend that somebody watches each is counted at once", async () => {
  await there().publish("watched", address);
  for (const step of "+++++--+---+--") {
    await (step === "+" ? begin() : end());
    await eventually("the count is exact", async () => (await counted()) === held.length);
  }
});

test("an application that sends its request on to another path, by X-Accel-Redirect, leaves no count behind", async () => {
  await there().publish("", address);
  for (let turn = 0; turn < 4; turn++) {
    await begin();
    held.shift()?.writeHead(200, { "X-Accel-Redirect": "/other" }).end();
    await eventually("it is asked again", () => held.length > 0);
    await end();
  }
  await eventually("none is in flight", async () => (await counted()) === 0);
});
