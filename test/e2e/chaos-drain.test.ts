import { request } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Pod } from "#api/schema/types";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { servedAddresses } from "#test/support/chaos";
import { chaosNeeds, isChaosPossible, must, podsOf } from "#test/support/chaos-cluster";
import { busyboxTar, createCluster, type TestCluster } from "#test/support/cluster";
import { eventually, requireHost } from "#test/support/host";

/** Long answers, slow bodies and open WebSockets while the pods behind them are replaced. */
const HOST = "slow.localhost";
const ANSWER_SECONDS = 4;
/** Longer than an answer takes, also where many other processes run. */
const DRAIN_LIMIT_SECONDS = 20;
const GRACE_SECONDS = 90;
const REPLICAS = 2;

/** One process a connection. Answers with its pod's name: late on /slow, with ticks to who asks for an upgrade. */
const SERVE = `#!/bin/sh
read -r method path version
length=0; upgrade=
while IFS=': ' read -r name value; do
  value=$(printf %s "$value" | tr -d '\\r')
  case "$(printf %s "$name" | tr -d '\\r' | tr A-Z a-z)" in
    "") break;;
    upgrade) upgrade=1;;
    content-length) length=$value;;
  esac
done
if [ -n "$upgrade" ]; then
  printf 'HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n\\r\\n'
  while printf '%s\\n' "$HOSTNAME"; do sleep 0.2; done
  exit
fi
[ "$length" -gt 0 ] && head -c "$length" >/dev/null
case "$path" in /slow*) sleep ${ANSWER_SECONDS};; esac
printf 'HTTP/1.1 200 OK\\r\\nContent-Length: %s\\r\\nConnection: close\\r\\n\\r\\n%s' \${#HOSTNAME} "$HOSTNAME"
`;

const labels = { app: "slow" };
const manifests = [
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "slow" },
    spec: {
      replicas: REPLICAS,
      selector: { matchLabels: labels },
      template: {
        metadata: {
          labels,
          annotations: { "kaji.dev/drain-timeout-seconds": String(DRAIN_LIMIT_SECONDS) },
        },
        spec: {
          terminationGracePeriodSeconds: GRACE_SECONDS,
          containers: [
            {
              name: "web",
              image: "kaji.dev/busybox:latest",
              imagePullPolicy: "IfNotPresent",
              command: ["sh", "-c"],
              args: [
                `printf %s "$SERVE" >/tmp/serve; chmod +x /tmp/serve; trap 'exit 0' TERM; nc -ll -p 8080 -e /tmp/serve & wait`,
              ],
              env: [{ name: "SERVE", value: SERVE }],
              ports: [{ containerPort: 8080 }],
              readinessProbe: { httpGet: { path: "/", port: 8080 }, periodSeconds: 1 },
            },
          ],
        },
      },
    },
  },
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "slow" },
    spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }] },
  },
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name: "slow" },
    spec: {
      rules: [
        {
          host: HOST,
          http: {
            paths: [
              {
                path: "/",
                pathType: "Prefix",
                backend: { service: { name: "slow", port: { number: 80 } } },
              },
            ],
          },
        },
      ],
    },
  },
];

let cluster: TestCluster;

beforeAll(async () => {
  if (!isChaosPossible) return;
  cluster = await createCluster({ podCidr: "10.235.0.0/16", serviceCidr: "10.85.0.0/16" });
  must(await cluster.up());
  const scratch = mkdtempSync(join(tmpdir(), "kaji-scratch-"));
  try {
    must(await cluster.kaji("import", await busyboxTar(scratch), "kaji.dev/busybox:latest"));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  const list = { apiVersion: "v1", kind: "List", items: manifests };
  must(await cluster.kubectlInput(JSON.stringify(list), "apply", "-f", "-"));
  must(await cluster.kubectl("rollout", "status", "deployment/slow", "--timeout=60s"));
  await eventually(
    "nginx sends to every pod",
    async () => (await servedAddresses(cluster)).length === REPLICAS,
  );
}, 240_000);

afterAll(async () => {
  if (isChaosPossible) await cluster.dispose();
});

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** With a body that takes as long as the pieces are apart. */
async function ask(path: string, pieces: readonly string[] = []): Promise<Answer> {
  const method = pieces.length > 0 ? "POST" : "GET";
  const length = pieces.join("").length;
  const headers = { host: HOST, ...(length > 0 ? { "content-length": length } : {}) };
  const outgoing = request(cluster.url + path, { method, headers, agent: false });
  const answer = new Promise<Answer>((resolve) => {
    outgoing.on("error", (error) => resolve({ status: 0, body: error.message }));
    outgoing.on("response", (response) => {
      let body = "";
      response.on("data", (chunk: Buffer) => {
        body += chunk.toString();
      });
      response.on("error", (error) => resolve({ status: 0, body: error.message }));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
    });
  });
  for (const piece of pieces) {
    outgoing.write(piece);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  outgoing.end();
  return answer;
}

/** An upgraded connection: whom it reached, and how long it lived. */
function openWebSocket(): { pod: Promise<string>; closedAtMs: Promise<number> } {
  const socket = connect(Number(new URL(cluster.url).port), "127.0.0.1");
  socket.write(
    `GET / HTTP/1.1\r\nHost: ${HOST}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
  );
  const pod = new Promise<string>((resolve) => {
    let text = "";
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const name = /\r\n\r\n([^\n]+)\n/.exec(text)?.[1];
      if (name) resolve(name);
    });
  });
  const closedAtMs = new Promise<number>((resolve) => {
    socket.on("error", () => socket.destroy());
    socket.on("close", () => resolve(Date.now()));
  });
  return { pod, closedAtMs };
}

/** When the pods that end were deleted: in whole seconds, never later than it was. */
async function deletions(): Promise<[name: string, atMs: number][]> {
  const text = must(await cluster.kubectl("get", "pods", "-l", "app=slow", "-o", "json"));
  const { items } = JSON.parse(text) as { items: Pod[] };
  return items.flatMap(({ metadata }) => {
    const { name, deletionTimestamp: end, deletionGracePeriodSeconds: seconds = 0 } = metadata;
    return end ? [[name, Date.parse(end) - seconds * 1000]] : [];
  });
}

describe("a swap with long requests", () => {
  test("cuts nothing before its drain, gives an ending pod no new request, and keeps to the drain limit", async (context) => {
    requireHost(context, chaosNeeds);
    const old = (await podsOf(cluster, "-l", "app=slow")).map(({ name }) => name);
    const sockets = Array.from({ length: 4 }, openWebSocket);
    const reached = await Promise.all(sockets.map(({ pod }) => pod));
    const long = Array.from({ length: 8 }, () => ask("slow"));
    const slowBodies = Array.from({ length: 4 }, () => ask("", ["a", "b", "c", "d", "e", "f"]));
    must(await cluster.kubectl("rollout", "restart", "deployment/slow"));
    const deletedAtMs = new Map<string, number>();
    await eventually("every old pod is being deleted", async () => {
      for (const [name, atMs] of await deletions()) deletedAtMs.set(name, atMs);
      return old.every((name) => deletedAtMs.has(name));
    });
    await eventually("nginx sends to the new pods alone", async () => {
      const ips = (await podsOf(cluster, "-l", "app=slow"))
        .filter(({ name }) => !old.includes(name))
        .map(({ ip }) => `${ip}:8080`);
      return JSON.stringify(ips.sort()) === JSON.stringify((await servedAddresses(cluster)).sort());
    });
    const fresh = await Promise.all(Array.from({ length: 40 }, () => ask("")));
    expect(fresh.filter(({ status, body }) => status !== 200 || old.includes(body))).toEqual([]);
    const answers = await Promise.all([...long, ...slowBodies]);
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    expect(reached.every((name) => old.includes(name))).toBe(true);
    const openForMs = await Promise.all(
      sockets.map(async ({ pod, closedAtMs }) => {
        return (await closedAtMs) - (deletedAtMs.get(await pod) ?? Number.NaN);
      }),
    );
    expect(Math.min(...openForMs)).toBeGreaterThanOrEqual(DRAIN_LIMIT_SECONDS * 1000);
    expect(Math.max(...openForMs)).toBeLessThan((DRAIN_LIMIT_SECONDS + 30) * 1000);
    await eventually(
      "the old pods are gone",
      async () => (await podsOf(cluster, "-l", "app=slow")).length === REPLICAS,
    );
  });
});
