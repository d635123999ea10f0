import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { clusterRoleBindingKind } from "#api/kinds/cluster-role-binding";
import { podKind } from "#api/kinds/pod";
import { serviceAccountKind } from "#api/kinds/service-account";
import type { Pod } from "#api/schema/types";
import { createClient } from "#client/api-client";
import type { Client } from "#client/client";
import { loadKubeconfig } from "#client/kubeconfig";
import { restTransport } from "#client/rest";
import type { Transport } from "#client/transport";
import { locationsFor } from "#kit/locations";
import { builtCli } from "#test/e2e/cli-fixture";
import { eventually, freePorts } from "#test/support/host";

/** A control plane in a process of its own, without nodes: what is measured is looking, not running. */
export interface WatchedServer {
  readonly url: string;
  readonly pid: number;
  readonly kubeconfig: string;
  readonly client: Client;
  readonly transport: Transport;
  /** Of somebody who may see everything. */
  readonly token: string;
  stop(): Promise<void>;
}

const READY_LIMIT_MS = 30_000;
const RANGES = ["--pod-cidr", "10.104.0.0/16", "--service-cidr", "10.154.0.0/16"];

export async function startWatchedServer(): Promise<WatchedServer> {
  const cli = builtCli();
  const [apiPort = 0, gatewayPort = 0] = await freePorts(2);
  const ports = ["--api-port", String(apiPort), "--gateway-port", String(gatewayPort)];
  const log = openSync(join(cli.root, "server.log"), "a");
  const [program, ...first] = cli.command;
  const args = [...first, "server", "--root-dir", cli.root, ...ports, ...RANGES];
  const child = spawn(program, args, { stdio: ["ignore", log, log] });
  closeSync(log);
  const kubeconfig = join(locationsFor(cli.root).lib, "admin.kubeconfig");
  await eventually("the server has written its kubeconfig", () => existsSync(kubeconfig));
  const { rest } = await loadKubeconfig(kubeconfig);
  const transport = restTransport(rest);
  const client = createClient(transport);
  const isReady = (): Promise<boolean> =>
    client.raw("GET", "/readyz").then(
      () => true,
      () => false,
    );
  await eventually("the server is ready", isReady, READY_LIMIT_MS);
  return {
    ...{ url: rest.server, pid: child.pid ?? 0, kubeconfig, client, transport },
    token: await viewerToken(client),
    async stop() {
      await transport.close();
      const exited = once(child, "exit");
      child.kill("SIGTERM");
      await exited;
      const said = readFileSync(join(cli.root, "server.log"), "utf8");
      if (child.exitCode !== 0) console.error(said.slice(-2_000));
      cli.remove();
    },
  };
}

async function viewerToken(client: Client): Promise<string> {
  const metadata = { name: "viewer", namespace: "default" };
  await client.create(serviceAccountKind, { apiVersion: "v1", kind: "ServiceAccount", metadata });
  await client.create(clusterRoleBindingKind, {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: "viewer" },
    subjects: [{ kind: "ServiceAccount", ...metadata }],
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
  });
  const { status } = await client.createSubresource<{ status: { token: string } }>(
    serviceAccountKind,
    { ...metadata, subresource: "token" },
    { spec: { expirationSeconds: 7_200 } },
  );
  return status.token;
}

/** Pods of a hundred apps. No scheduler knows them: a bench without nodes must not measure its search for one. */
export function benchPod(index: number): Pod {
  const app = `app-${index % 100}`;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: podName(index),
      namespace: "default",
      labels: { app, "pod-template-hash": "6f7d8b9c5d" },
    },
    spec: {
      schedulerName: "nobody",
      containers: [
        {
          name: "web",
          image: "registry.example/shop/web:v1",
          ports: [{ containerPort: 8080 }],
          env: [{ name: "PORT", value: "8080" }],
          resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "512Mi" } },
          readinessProbe: { httpGet: { path: "/healthz", port: 8080 } },
        },
      ],
    },
  };
}

function podName(index: number): string {
  return `app-${index % 100}-6f7d8b9c5d-${index.toString(36).padStart(5, "x")}`;
}

/** A body may have 3 MiB. */
const BULK = 1_500;

export async function createPods(client: Client, from: number, to: number): Promise<void> {
  for (let at = from; at < to; at += BULK) {
    const count = Math.min(BULK, to - at);
    const lines = Array.from({ length: count }, (_, i) => JSON.stringify(benchPod(at + i)));
    const body = Buffer.from(lines.join("\n"));
    const { created } = (await client.raw("POST", "/kaji/v1/create", body)) as { created: number };
    if (created !== count) throw new Error(`${created} of ${count} pods were created`);
  }
}

/** What an agent would say of a pod. The turn makes each change a change. */
function statusOf(turn: number): object {
  const isReady = turn % 2 === 1;
  const at = new Date(1_790_000_000_000 + turn * 1000).toISOString().replace(/\.\d+Z/, "Z");
  const word = isReady ? "True" : "False";
  const condition = (type: string, status: string): object => ({
    ...{ type, status, lastTransitionTime: at },
  });
  return {
    status: {
      phase: "Running",
      startTime: "2026-11-22T08:00:00Z",
      conditions: [
        condition("Initialized", "True"),
        condition("Ready", word),
        condition("ContainersReady", word),
        condition("PodScheduled", "True"),
      ],
      containerStatuses: [
        {
          name: "web",
          image: "registry.example/shop/web:v1",
          imageID: "registry.example/shop/web@sha256:0",
          ready: isReady,
          started: true,
          restartCount: Math.floor(turn / 2),
          state: { running: { startedAt: at } },
        },
      ],
    },
  };
}

const AT_ONCE = 32;

/** Changes the pods in turn, over and over, and counts. `perSecond` undefined: as fast as the server takes them. */
export class Traffic {
  private readonly client: Client;
  private readonly pods: number;
  changes = 0;

  constructor(client: Client, pods: number) {
    this.client = client;
    this.pods = pods;
  }

  /** Changes per second, as they came to be. */
  async run(total: number, perSecond?: number): Promise<number> {
    const startedMs = performance.now();
    let next = 0;
    const worker = async (): Promise<void> => {
      for (let at = next++; at < total; at = next++) {
        if (perSecond !== undefined) await until(startedMs + (at * 1000) / perSecond);
        await this.changeNext();
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return total / ((performance.now() - startedMs) / 1000);
  }

  private async changeNext(): Promise<void> {
    const change = this.changes++;
    const target = {
      name: podName(change % this.pods),
      namespace: "default",
      subresource: "status",
    };
    const body = statusOf(1 + Math.floor(change / this.pods));
    await this.client.patch(podKind, target, { type: "merge", body });
  }
}

function until(atMs: number): Promise<void> {
  const waitMs = atMs - performance.now();
  return waitMs <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, waitMs));
}
