import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { type MetricsServer, startMetrics } from "#ingress/metrics/server";
import { ACCESS_LOG_FILE } from "#ingress/nginx/access-log";
import { silentLog } from "#kit/log";
import { eventually } from "#test/support/host";
import { hostTo, ingressOf, pathTo } from "#test/support/ingress-objects";
import {
  type IngressSite,
  startIngressSite,
  startTestPod,
  type TestPod,
} from "#test/support/ingress-site";

/** What a real nginx writes down and counts. Behind a trusted proxy: loopback's 127.0.0.50. */
let site: IngressSite | undefined;
let metrics: MetricsServer | undefined;
let web: TestPod;

beforeEach(async (context) => {
  site ??= await startIngressSite(context, {
    hasAccessLog: true,
    trustedProxies: ["127.0.0.50/32"],
  });
  metrics ??= await startMetrics(0, site.admin, silentLog);
  web = await startTestPod("web-1", ({ url }, response) => {
    response.statusCode = url.startsWith("/broken") ? 500 : 200;
    response.end("web-1");
  });
});
afterEach(() => web.stop());
afterAll(async () => {
  await metrics?.stop();
  await site?.dispose();
});

const there = (): IngressSite => site as IngressSite;

const serve = () =>
  there().serve(
    [ingressOf("shop", hostTo("shop.example", [pathTo("web"), pathTo("web", "/broken")]))],
    { web: [web] },
  );

async function scrape(): Promise<string> {
  return (await fetch(`http://127.0.0.1:${metrics?.port}/metrics`)).text();
}

test("the access log is an object of JSON a line, with the pod's name", async () => {
  await serve();
  // No id that nginx makes up itself can hold this one.
  const id = "asked-by-test";
  const headers = { "user-agent": 'quo"te\\', "x-request-id": id };
  await there().ask("/path?secret=1", { headers });
  const file = join(there().settings.logDir, ACCESS_LOG_FILE);
  const line = await eventually("the line is written", () =>
    readFileSync(file, "utf8")
      .split("\n")
      .find((one) => one.includes(id)),
  );
  expect(JSON.parse(line)).toMatchObject({
    ...{ method: "GET", host: "shop.example", path: "/path", status: 200, scheme: "http" },
    ...{ pod: "default/web-1", backend: "default/web:80", ingress: "default/shop" },
    ...{ request_id: id, user_agent: 'quo"te\\', upstream_addr: `127.0.0.1:${web.port}` },
  });
  expect(line).not.toContain("secret");
});

test.each([
  ["is just passed on", {}],
  ["whose answer gets headers", { "enable-cors": "true" }],
  ["that the access phase has something to do for", { "x-forwarded-prefix": "/shop" }],
])(
  "a request %s has a name of its own, which the log and the application are told",
  async (_, asked) => {
    await there().annotate(asked, { pods: [web] });
    const MANY = 40;
    await Promise.all(Array.from({ length: MANY }, () => there().ask("/")));
    const names = web.seen.map(({ headers }) => String(headers["x-request-id"]));
    expect(new Set(names).size).toBe(MANY);
    for (const name of names) expect(name).toMatch(/^[0-9a-f]{32}$/);
    const file = join(there().settings.logDir, ACCESS_LOG_FILE);
    await eventually("all are logged", () => {
      const logged = readFileSync(file, "utf8");
      return names.every((name) => logged.includes(`"request_id":"${name}"`));
    });
  },
);

test("requests are counted by host, path and pod, and no host of a client's own makes a series", async () => {
  const paths = [pathTo("web"), pathTo("web", "/broken")];
  await there().serve([ingressOf("counted", hostTo("counted.example", paths))], { web: [web] });
  const host = "counted.example";
  for (let i = 0; i < 5; i++) await there().ask("/", { host });
  await there().ask("/broken/x", { host });
  for (const invented of ["a.invented", "b.invented"]) await there().ask("/", { host: invented });
  const place = (path: string) =>
    `host="${host}",path="${path}",namespace="default",service="web",ingress="counted"`;
  const requests = "nginx_ingress_controller_requests";
  const duration = "nginx_ingress_controller_request_duration_seconds_count";
  const wanted = [
    `${requests}{${place("/")},pod="default/web-1",status="200"} 5\n`,
    `${requests}{${place("/broken")},pod="default/web-1",status="500"} 1\n`,
    `${duration}{${place("/broken")}} 1\n`,
  ];
  // Each worker adds up once a second.
  const text = await eventually("all are counted", async () => {
    const now = await scrape();
    const unknown = /requests\{host="",path="".*status="404"\} 2\n/.test(now);
    return unknown && wanted.every((line) => now.includes(line)) && now;
  });
  expect(text).not.toContain("invented");
});

test("/metrics of a user's host is the user's", async () => {
  await serve();
  expect((await there().ask("/metrics")).body).toBe("web-1");
  expect((await fetch(`http://127.0.0.1:${metrics?.port}/other`)).status).toBe(404);
});

test("the addresses of one IPv6 network share a client's limit, and those of another do not", async () => {
  await there().annotate({ "limit-rpm": "1", "limit-burst-multiplier": "1" }, { pods: [web] });
  const ask = async (client: string): Promise<number> => {
    const headers = { "x-forwarded-for": client };
    return (await there().ask("/", { headers, from: "127.0.0.50" })).status;
  };
  const statuses: number[] = [];
  for (const last of [1, 2, 3]) statuses.push(await ask(`2001:db8:0:1::${last}`));
  expect(statuses).toEqual([200, 200, 503]);
  expect(await ask("2001:db8:0:2::1")).toBe(200);
});

test("what a trusted proxy says of its client is believed, and nobody else's word", async () => {
  await serve();
  const headers = {
    ...{ "x-forwarded-for": "9.9.9.9, 198.51.100.7", "x-forwarded-proto": "https" },
    "x-forwarded-host": "public.example",
  };
  await there().ask("/", { headers, from: "127.0.0.50" });
  await there().ask("/", { headers, from: "127.0.0.51" });
  expect(web.seen.map((one) => one.headers)).toMatchObject([
    {
      ...{ "x-forwarded-for": "198.51.100.7", "x-real-ip": "198.51.100.7" },
      ...{ "x-forwarded-proto": "https", "x-forwarded-host": "public.example" },
    },
    {
      ...{ "x-forwarded-for": "127.0.0.51", "x-forwarded-proto": "http" },
      "x-forwarded-host": "shop.example",
    },
  ]);
  await there().annotate({ "force-ssl-redirect": "true" }, { pods: [web] });
  expect((await there().ask("/", { headers, from: "127.0.0.50" })).status).toBe(200);
  expect((await there().ask("/", { headers, from: "127.0.0.51" })).status).toBe(308);
});
