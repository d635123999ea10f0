// lane: first (waits for what is idle)
import { connect } from "node:net";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { packageRoot } from "#kit/package-root";
import { type Answer, askOnce } from "#test/support/ask";
import { eventually, requireHost } from "#test/support/host";
import { startLoad } from "#test/support/load";
import { BUSYBOX, PARITY_NEEDS, parityCluster } from "#test/support/parity";

/** Scaling by requests as a user sees it: the real kubectl, pods, nginx, and kills while requests wait. */
const at = parityCluster({ podCidr: "10.237.0.0/16", serviceCidr: "10.87.0.0/16" });
const { kubectl, apply } = at;
const WEB = readFileSync(join(packageRoot(), "manifests/autoscaling/web.yaml"), "utf8");
const LIMIT_MS = 60_000;
const HOST = "web.localhost";

beforeAll(async () => {
  if (!at.isPossible) return;
  const { code, stderr } = await at.cluster.kubectlInput(WEB, "apply", "-f", "-");
  expect(code, stderr).toBe(0);
  await apply(...socketEcho());
  await eventually("the first answer", async () => (await page()).status === 200, LIMIT_MS);
});

/** Answers a WebSocket's handshake and gives back what it is sent. */
function socketEcho(): object[] {
  const answer =
    "HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: echo\\r\\nConnection: upgrade\\r\\n\\r\\n";
  const script = `printf '#!/bin/sh\\nwhile read line && [ "\${#line}" -gt 1 ]; do :; done\\nprintf "${answer.replaceAll("\\", "\\\\")}"\\nexec cat\\n' >/echo && chmod +x /echo && exec nc -ll -p 8080 -e /echo`;
  const pod = {
    metadata: { labels: { app: "echo" } },
    spec: {
      terminationGracePeriodSeconds: 1,
      containers: [
        {
          name: "echo",
          image: BUSYBOX,
          imagePullPolicy: "IfNotPresent",
          command: ["sh", "-c", script],
          ports: [{ name: "http", containerPort: 8080 }],
        },
      ],
    },
  };
  return behindIngress("echo", pod, { queue: { maxRequests: 3, timeoutSeconds: 40 } });
}

function behindIngress(name: string, template: object, spec: object): object[] {
  const metadata = { name };
  const backend = { service: { name, port: { name: "http" } } };
  const rule = {
    host: `${name}.localhost`,
    http: { paths: [{ path: "/", pathType: "Prefix", backend }] },
  };
  const matchLabels = { app: name };
  return [
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: { replicas: 0, selector: { matchLabels }, template },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: { selector: matchLabels, ports: [{ name: "http", port: 80, targetPort: "http" }] },
    },
    { apiVersion: "networking.k8s.io/v1", kind: "Ingress", metadata, spec: { rules: [rule] } },
    {
      apiVersion: "kaji.dev/v1alpha1",
      kind: "RequestAutoscaler",
      metadata,
      spec: {
        scaleTargetRef: { kind: "Deployment", name },
        ...{ service: name, maxReplicas: 2, windowSeconds: 6, idleTimeoutSeconds: 5, ...spec },
      },
    },
  ];
}

function page(headers: Record<string, string> = {}): Promise<Answer> {
  const url = `${at.cluster.url}cgi-bin/page`;
  return askOnce({ url, host: HOST, headers, timeoutMs: LIMIT_MS });
}

async function replicas(name = "web"): Promise<string> {
  return kubectl("get", "deployment", name, "-o", "jsonpath={.spec.replicas}");
}

async function pods(name = "web"): Promise<string[]> {
  const names = await kubectl("get", "pods", "-l", `app=${name}`, "-o", "name");
  return names.split("\n").filter(Boolean);
}

async function untilAsleep(name = "web"): Promise<void> {
  const isAsleep = async (): Promise<boolean> =>
    (await replicas(name)) === "0" && (await pods(name)).length === 0;
  await eventually(`${name} sleeps`, isAsleep, LIMIT_MS);
}

async function waiting(name = "web"): Promise<number> {
  const path = "jsonpath={.items[?(@.spec.service=='NAME')].status.waiting}".replace("NAME", name);
  return Number(await kubectl("get", "trafficreports", "-o", path));
}

test("replicas follow the load up and down to none, and no request fails", async (context) => {
  requireHost(context, PARITY_NEEDS);
  const url = `${at.cluster.url}cgi-bin/page`;
  const clients = { url, host: HOST, newConnectionClients: 1, timeoutMs: LIMIT_MS };
  const few = startLoad({ ...clients, keepAliveClients: 0, pauseMs: 50 });
  const many = startLoad({ ...clients, keepAliveClients: 6, pauseMs: 5 });
  const isUp = async (): Promise<boolean> => Number(await replicas()) >= 3;
  await eventually("three replicas", isUp, LIMIT_MS);
  const first = await many.stop();
  await eventually("one replica", async () => (await replicas()) === "1", LIMIT_MS);
  const second = await few.stop();
  expect([...first.failures, ...second.failures]).toEqual([]);
  expect([...first.bodies.keys(), ...second.bodies.keys()]).toEqual(["awake", "awake"]);
  await untilAsleep();
  const events = await kubectl("get", "events", "--field-selector=reason=SuccessfulRescale");
  expect(events).toMatch(/New size: 0; reason: no request for 5 seconds/);
  expect(await kubectl("get", "ra", "web")).toMatch(
    /web\s+Deployment\/web\s+0\/2 at once\s+0\s+4\s+0/,
  );
}, 150_000);

test("twenty first requests at once are one start, and each is answered by it", async (context) => {
  requireHost(context, PARITY_NEEDS);
  await kubectl("patch", "ra", "web", "--type=merge", "-p", '{"spec":{"target":{"value":100}}}');
  await untilAsleep();
  const answers = await Promise.all(Array.from({ length: 20 }, () => page()));
  expect(new Set(answers.map(({ status, body }) => `${status} ${body}`))).toEqual(
    new Set(["200 awake"]),
  );
  for (const { headers } of answers)
    expect(Number(headers["x-kaji-cold-start"])).toBeGreaterThan(0);
  expect((await page()).headers["x-kaji-cold-start"]).toBeUndefined();
  expect(await pods()).toHaveLength(1);
  await untilAsleep();
});

test("health checks do not wake it, and hear that it is well", async (context) => {
  requireHost(context, PARITY_NEEDS);
  await untilAsleep();
  const checks = [page({ "user-agent": "ELB-HealthChecker/2.0" }), health()];
  for (const { status, body } of await Promise.all(checks)) {
    expect(status).toBe(200);
    expect(body).toMatch(/sleeps and starts with its first request/);
  }
  expect(await waiting()).toBe(0);
  expect(await replicas()).toBe("0");
});

function health(): Promise<Answer> {
  return askOnce({ url: `${at.cluster.url}healthz`, host: HOST });
}

test("a WebSocket wakes it, keeps it awake, and is not cut", async (context) => {
  requireHost(context, PARITY_NEEDS);
  await untilAsleep("echo");
  const socket = connect(Number(new URL(at.cluster.url).port), "127.0.0.1");
  let text = "";
  let isOpen = true;
  socket.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  socket.on("close", () => {
    isOpen = false;
  });
  socket.write(
    "GET / HTTP/1.1\r\nHost: echo.localhost\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n",
  );
  await eventually("the handshake", () => text.includes("101 Switching Protocols"), LIMIT_MS);
  socket.write("one\n");
  await eventually("the echo", () => text.endsWith("one\n"), LIMIT_MS);
  const inFlight = async (): Promise<string> =>
    kubectl(
      "get",
      "trafficreports",
      "-o",
      "jsonpath={.items[?(@.spec.service=='echo')].status.inFlight}",
    );
  await eventually("it is counted", async () => (await inFlight()) === "1", LIMIT_MS);
  // Longer than the idle timeout and the window.
  const sinceMs = Date.now();
  await eventually("time has passed", () => Date.now() - sinceMs > 13_000, LIMIT_MS);
  expect(await replicas("echo")).toBe("1");
  expect(isOpen).toBe(true);
  socket.write("two\n");
  await eventually("the echo", () => text.endsWith("two\n"), LIMIT_MS);
  socket.destroy();
  await untilAsleep("echo");
});

test("more than may wait get 503, and it is said why it does not wake", async (context) => {
  requireHost(context, PARITY_NEEDS);
  await untilAsleep("echo");
  const nowhere = { spec: { template: { spec: { nodeSelector: { disk: "none" } } } } };
  await kubectl("patch", "deployment", "echo", "--type=merge", "-p", JSON.stringify(nowhere));
  const question = { url: at.cluster.url, host: "echo.localhost", timeoutMs: LIMIT_MS };
  const held = Array.from({ length: 3 }, () => askOnce(question));
  await eventually("three wait", async () => (await waiting("echo")) === 3, LIMIT_MS);
  const refused = await askOnce(question);
  expect(refused).toMatchObject({ status: 503, headers: { "retry-after": "1" } });
  const path = "jsonpath={.status.conditions[?(@.type=='HasRoom')].message}";
  await eventually(
    "the reason",
    async () => /no node takes pod echo-/.test(await kubectl("get", "ra", "echo", "-o", path)),
    LIMIT_MS,
  );
  for (const { status } of await Promise.all(held)) expect(status).toBe(503);
});

test.each(["server", "ingress"] as const)(
  "a request that comes while the %s is dead waits, and is answered",
  async (component, context) => {
    requireHost(context as never, PARITY_NEEDS);
    await untilAsleep();
    process.kill(at.cluster.pidOf(component), "SIGKILL");
    const answer = await page();
    expect(`${answer.status} ${answer.body}`).toBe("200 awake");
    expect(Number(answer.headers["x-kaji-cold-start"])).toBeGreaterThan(0);
  },
  120_000,
);
