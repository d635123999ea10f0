import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { HistoryAnswer } from "#api/history/answer";
import { type BrowserPage, BROWSER_NEEDS, testBrowser } from "#test/support/browser";
import { kill, pidsOf } from "#test/support/chaos";
import { eventually, requireHost } from "#test/support/host";
import { startLoad } from "#test/support/load";
import { BUSYBOX, PARITY_NEEDS, parityCluster } from "#test/support/parity";

/** What the server keeps of the last hours, and how the dashboard shows it: with real requests to a real nginx. */
const needs = { root: true, programs: [...PARITY_NEEDS.programs, ...BROWSER_NEEDS.programs] };
const rig = parityCluster({ podCidr: "10.230.0.0/16", serviceCidr: "10.80.0.0/16" });
const { kubectl, apply } = rig;
const browser = testBrowser();

const HOST = "shop.example";
let load: ReturnType<typeof startLoad> | undefined;
let page: BrowserPage | undefined;

function app(namespace: string, host: string): object[] {
  const labels = { app: "web" };
  const metadata = { name: "web", namespace };
  const command = "mkdir /www; echo hello > /www/index.html; exec httpd -f -p 8080 -h /www";
  const container = { name: "c", image: BUSYBOX, imagePullPolicy: "IfNotPresent" };
  const pod = {
    terminationGracePeriodSeconds: 0,
    containers: [{ ...container, command: ["sh", "-c", command] }],
  };
  const template = { metadata: { labels }, spec: pod };
  const to = (name: string) => ({ service: { name, port: { number: 80 } } });
  const paths = [
    { path: "/", pathType: "Prefix", backend: to("web") },
    { path: "/pay", pathType: "Prefix", backend: to("nobody") },
  ];
  const ports = [{ port: 80, targetPort: 8080 }];
  return [
    {
      ...{ apiVersion: "apps/v1", kind: "Deployment", metadata },
      spec: { replicas: 2, selector: { matchLabels: labels }, template },
    },
    { apiVersion: "v1", kind: "Service", metadata, spec: { selector: labels, ports } },
    {
      ...{ apiVersion: "v1", kind: "Service", metadata: { ...metadata, name: "nobody" } },
      spec: { selector: { app: "nobody" }, ports },
    },
    {
      ...{ apiVersion: "networking.k8s.io/v1", kind: "Ingress", metadata },
      spec: { rules: [{ host, http: { paths } }] },
    },
  ];
}

function serverUrl(): string {
  const config = parse(readFileSync(rig.cluster.kubeconfig, "utf8")) as {
    clusters: { cluster: { server: string } }[];
  };
  return config.clusters[0]?.cluster.server ?? "";
}

async function tokenOf(account: string, namespace: string, ...binding: string[]): Promise<string> {
  await kubectl("create", "serviceaccount", account, "--namespace", namespace);
  const [kind = "", ...rest] = binding;
  await kubectl("create", kind, account, `--serviceaccount=${namespace}:${account}`, ...rest);
  return (await kubectl("create", "token", account, "--namespace", namespace)).trim();
}

async function history(query: string, token?: string): Promise<HistoryAnswer> {
  const as = token ? ["--token", token] : [];
  return JSON.parse(await kubectl("get", "--raw", `/kaji/v1/history?${query}`, ...as)) as never;
}

async function captain(): Promise<BrowserPage> {
  if (page) return page;
  page = await browser.newPage();
  const binding = ["clusterrolebinding", "--clusterrole=cluster-admin"];
  await page.logIn(serverUrl(), await tokenOf("captain", "default", ...binding));
  return page;
}

/** The text that stands in for a chart. */
async function chartSays(on: BrowserPage, start: string): Promise<string> {
  const labels = `[...document.querySelectorAll(".chart svg")].map((one) => one.ariaLabel)`;
  const all = (await on.page.evaluate(labels)) as string[];
  return all.find((text) => text.startsWith(start)) ?? "";
}

beforeAll(async () => {
  if (!rig.isPossible) return;
  await apply(...app("default", HOST));
  await kubectl("create", "namespace", "island");
  await apply(...app("island", "island.example"));
  for (const namespace of ["default", "island"])
    await kubectl("rollout", "status", "deployment/web", "--namespace", namespace);
  const common = { keepAliveClients: 0, newConnectionClients: 1, pauseMs: 30 };
  const { url } = rig.cluster;
  const loads = [
    startLoad({ ...common, url, host: HOST }),
    startLoad({ ...common, url: `${url}pay`, host: HOST, pauseMs: 300 }),
    startLoad({ ...common, url, host: "island.example" }),
  ];
  load = loads[0];
  afterAll(async () => {
    await Promise.all(loads.map((one) => one.stop()));
  });
}, 240_000);

describe("the ingress map", () => {
  test("shows live who asks for what, who answers and what fails", async (context) => {
    requireHost(context, needs);
    const map = await captain();
    await map.go("#/ingresses");
    await map.sees(HOST);
    await eventually(
      "the path that fails is told apart",
      async () => {
        const [good, bad] = await Promise.all([pathOf(map, "good"), pathOf(map, "bad")]);
        return good.includes("web") && bad.includes("nobody") && bad.includes("100 % 5xx");
      },
      40_000,
    );
    const rate = Number(/([\d.]+) \/s/.exec(await pathOf(map, "good"))?.[1]);
    expect(rate).toBeGreaterThan(1);
  });

  test("leads to the pods that answer", async (context) => {
    requireHost(context, needs);
    const map = await captain();
    await map.page.click(".path.good a.pod.ready");
    await map.sees("Facts");
    await map.sees("answered");
  });
});

describe("the charts", () => {
  test("of a pod go on while one looks", async (context) => {
    requireHost(context, needs);
    const pod = await captain();
    await eventually(
      "there is a first value",
      async () => (await chartSays(pod, "Requests: answered now")) !== "",
      40_000,
    );
    expect(await chartSays(pod, "CPU: used now")).toContain("m");
    expect(await chartSays(pod, "Memory: used now")).toMatch(/Ki|Mi/);
    const before = await pointsOf(pod);
    await eventually(
      "a next value comes by itself",
      async () => (await pointsOf(pod)) > before,
      40_000,
    );
  });

  test("of a Deployment are by version", async (context) => {
    requireHost(context, needs);
    const deployment = await captain();
    await deployment.go("#/deployments/default/web");
    await deployment.sees("Use by version");
    await eventually("its version answers", async () =>
      /^Requests: web-\w+ now [\d.]+ \/s/.test(await chartSays(deployment, "Requests:")),
    );
    await deployment.sees("Latency at the ingress");
  });

  test("of a canary tell how fast either version answers", async (context) => {
    requireHost(context, needs);
    const annotations = ["strategy=canary", "canary-steps=50", "canary-pause-seconds=120"];
    await kubectl("annotate", "deployment/web", ...annotations.map((one) => `kaji.dev/${one}`));
    await kubectl("set", "env", "deployment/web", "VERSION=2");
    const deployment = await captain();
    await eventually(
      "both versions have a latency",
      async () =>
        /: web-\w+ now [\d.]+ ms.*; web-\w+ now [\d.]+ ms/.test(
          await chartSays(deployment, "99 % answered"),
        ),
      90_000,
    );
  });

  test("of the cluster stand against what is requested and what there is", async (context) => {
    requireHost(context, needs);
    const overview = await captain();
    await overview.go("#/");
    await eventually("the cluster's use is known", async () =>
      /^CPU: used now .*; capacity /.test(await chartSays(overview, "CPU:")),
    );
    await overview.sees("The API server's latency");
    await overview.go("#/nodes");
    await overview.sees("node-1");
    await overview.page.waitForSelector(".spark path[d^=M]");
  });

  test("say the values of a moment to the arrow keys", async (context) => {
    requireHost(context, needs);
    const overview = await captain();
    await overview.go("#/");
    await overview.page.waitForSelector(".chart svg");
    await overview.page.evaluate(`document.querySelector(".chart svg").focus()`);
    await overview.page.keyboard.press("ArrowLeft");
    await overview.page.waitForFunction(
      `/\\d+:\\d\\d/.test(document.querySelector(".chart figcaption span").textContent)`,
    );
  });
});

describe("a viewer of one namespace", () => {
  test("sees its series alone, and is told of the rest in a sentence", async (context) => {
    requireHost(context, needs);
    const binding = ["rolebinding", "--clusterrole=view", "--namespace", "island"];
    const token = await tokenOf("sailor", "island", ...binding);
    const mine = await history("of=pods&namespace=island", token);
    expect(mine.series).toHaveLength(2);
    const routes = await history("of=requests&namespace=island", token);
    expect(new Set(routes.series.map(({ labels }) => labels.host))).toEqual(
      new Set(["island.example"]),
    );
    const raw = (query: string) =>
      rig.refused("get", "--raw", `/kaji/v1/history?${query}`, "--token", token);
    for (const query of [
      "of=pods",
      "of=pods&namespace=default",
      "of=versions&namespace=default&name=web",
    ])
      expect(await raw(query)).toContain(
        'cannot list resource "pods" in API group "metrics.k8s.io"',
      );
    expect(await raw("of=requests")).toContain('cannot list resource "ingresses"');
    expect(await raw("of=nodes")).toContain('cannot list resource "nodes"');
    expect(await raw("of=cluster")).toContain('cannot list resource "nodes"');
    expect(await raw("of=server")).toContain('cannot get path "/metrics"');
    const sailor = await browser.newPage();
    await sailor.logIn(serverUrl(), token);
    await sailor.go("#/ingresses");
    await sailor.sees("island.example");
    expect(await sailor.text()).not.toContain(HOST);
  });

  test("nobody but an ingress tells what was counted", async (context) => {
    requireHost(context, needs);
    const token = (await kubectl("create", "token", "sailor", "--namespace", "island")).trim();
    expect(
      await rig.refused("get", "--raw", "/kaji/v1/traffic?watch=true", "--token", token),
    ).toContain('cannot get path "/kaji/v1/traffic"');
  });
});

describe("a server that is started anew", () => {
  test("is told by the ingress again, and the page goes on by itself", async (context) => {
    requireHost(context, needs);
    const map = await captain();
    await map.go("#/ingresses");
    await eventually("the map is live", async () => (await pathOf(map, "good")) !== "");
    for (const pid of pidsOf(rig.cluster, "server")) kill(pid);
    await eventually(
      "the ingress tells the new server",
      async () => {
        const { code, stdout } = await rig.cluster.kubectl(
          ...["get", "--raw", "/kaji/v1/history?of=requests&namespace=default&range=1m"],
        );
        return code === 0 && (JSON.parse(stdout) as HistoryAnswer).series.length > 0;
      },
      60_000,
    );
    await eventually("the page still shows the rate", async () =>
      /[1-9][\d.]* \/s/.test(await pathOf(map, "good")),
    );
    expect(load?.result.failures).toEqual([]);
  });

  test("never broke the content security policy", (context) => {
    requireHost(context, needs);
    expect(page?.complaints).toEqual([]);
  });
});

/** What a path of this colour says. */
async function pathOf(on: BrowserPage, tone: string): Promise<string> {
  const text = `document.querySelector(".path.${tone}")?.innerText ?? ""`;
  return (await on.page.evaluate(text)) as string;
}

/** Of the first line of the page's first chart. */
async function pointsOf(on: BrowserPage): Promise<number> {
  const path = `document.querySelector(".chart path.c0")?.getAttribute("d") ?? ""`;
  return ((await on.page.evaluate(path)) as string).split(/[ML]/).length - 1;
}
