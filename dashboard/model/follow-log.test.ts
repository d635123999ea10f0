import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { followLog } from "#dashboard/model/follow-log";

/** An API server that refuses the first pod, has another one's log, and counts what it is asked. */
let asked = 0;
const server = createServer((request, response) => {
  asked++;
  const isLog = request.url?.includes("/log?") ?? false;
  if (request.url?.includes("secret")) {
    response.writeHead(403).end(JSON.stringify({ message: "you may not get pods/log" }));
  } else if (isLog) {
    response.end("one\ntwo\n");
  } else {
    const ended = { name: "c", state: { terminated: { exitCode: 0 } } };
    response.end(JSON.stringify({ status: { containerStatuses: [ended] } }));
  }
});
const { fetch, sessionStorage } = globalThis;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // In a browser a path is of the page's own server.
  globalThis.fetch = (path, init) => fetch(base + (path as string), init);
  globalThis.sessionStorage = { getItem: () => null } as unknown as Storage;
});

afterAll(() => {
  globalThis.fetch = fetch;
  globalThis.sessionStorage = sessionStorage;
  server.close();
});

async function followed(pod: string): Promise<string[]> {
  const said: string[] = [];
  asked = 0;
  await followLog(
    { namespace: "default", pod, container: "c", isPrevious: false },
    {
      signal: AbortSignal.timeout(10_000),
      onLine: (line) => said.push(line),
      onBroken: (why) => said.push(`broken: ${why}`),
    },
  );
  return said;
}

test("a log that has ended is read once, to its end", async () => {
  expect(await followed("web")).toEqual(["one", "two"]);
  expect(asked).toBe(2);
});

test("a log that the viewer may not read is asked for once, and the refusal is said", async () => {
  expect(await followed("secret")).toEqual(["broken: you may not get pods/log"]);
  expect(asked).toBe(1);
});
