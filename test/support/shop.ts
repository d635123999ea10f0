import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { must } from "#test/support/chaos-cluster";
import { busyboxTar, type TestCluster } from "#test/support/cluster";
import { eventually } from "#test/support/host";

/**
 * An application that can be deployed well and badly, behind the ingress: `GET /cgi-bin/app` answers its version.
 * A mode is part of the pod template, so each is a version of its own.
 */
export type ShopMode = "good" | "unready" | "crashing" | "failing" | "slow";

export interface ShopVersion {
  readonly version: string;
  readonly mode: ShopMode;
  readonly replicas?: number;
  readonly annotations: Readonly<Record<string, string>>;
}

export const SHOP_HOST = "shop.localhost";
export const SHOP_PATH = "cgi-bin/app";

const bodies: Readonly<Record<ShopMode, string>> = {
  good: "echo 'Content-Type: text/plain'; echo; echo $VERSION",
  unready: "echo 'Content-Type: text/plain'; echo; echo $VERSION",
  crashing: "echo 'Content-Type: text/plain'; echo; echo $VERSION",
  failing: "echo 'Status: 500 Internal Server Error'; echo; echo $VERSION",
  slow: "sleep 1; echo 'Content-Type: text/plain'; echo; echo $VERSION",
};

/** Process 1 forwards SIGTERM; a crashing one ends by itself after a while. */
function script(mode: ShopMode): string {
  return [
    "mkdir -p /tmp/www/cgi-bin",
    `printf '%s\\n' '#!/bin/busybox sh' "${bodies[mode].replaceAll("$", "\\$")}" > /tmp/www/cgi-bin/app`,
    "chmod 0755 /tmp/www/cgi-bin/app",
    mode === "unready" ? ":" : "echo ok > /tmp/www/ready",
    "/bin/busybox httpd -f -p 8080 -h /tmp/www & server=$!",
    `trap 'kill $server; exit 0' TERM`,
    mode === "crashing" ? "(sleep 4; kill -9 $server) &" : ":",
    "wait $server",
    "exit 3",
  ].join("\n");
}

function deploymentOf({ version, mode, replicas = 2, annotations }: ShopVersion): object {
  const labels = { app: "shop" };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "shop", annotations },
    spec: {
      replicas,
      progressDeadlineSeconds: 15,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 2,
          containers: [
            {
              name: "web",
              image: "kaji.dev/busybox:latest",
              command: ["/bin/busybox", "sh", "-c", script(mode)],
              env: [{ name: "VERSION", value: version }],
              ports: [{ name: "http", containerPort: 8080 }],
              readinessProbe: { httpGet: { path: "/ready", port: "http" }, periodSeconds: 1 },
            },
          ],
        },
      },
    },
  };
}

const service = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "shop" },
  spec: { selector: { app: "shop" }, ports: [{ name: "http", port: 80, targetPort: "http" }] },
};
const backend = { service: { name: "shop", port: { name: "http" } } };
const ingress = {
  apiVersion: "networking.k8s.io/v1",
  kind: "Ingress",
  metadata: { name: "shop" },
  spec: {
    rules: [{ host: SHOP_HOST, http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }],
  },
};

export async function importBusybox(cluster: TestCluster): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), "kaji-scratch-"));
  try {
    must(await cluster.kaji("import", await busyboxTar(scratch), "kaji.dev/busybox:latest"));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Applies a version as a user's YAML would. */
export async function applyShop(cluster: TestCluster, version: ShopVersion): Promise<void> {
  const items = [service, ingress, deploymentOf(version)];
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
  must(await cluster.kubectlInput(list, "apply", "-f", "-"));
}

export interface ShopState {
  readonly phase: string;
  readonly message: string;
  readonly traffic: string;
  readonly version: string;
  readonly revision: string;
}

interface DeploymentJson {
  metadata: { annotations?: Record<string, string> };
  spec: { template: { spec: { containers: { env?: { name: string; value?: string }[] }[] } } };
  status: { conditions?: { type: string; reason?: string; message?: string }[] };
}

export async function shopState(cluster: TestCluster): Promise<ShopState> {
  const text = must(await cluster.kubectl("get", "deployment", "shop", "-o", "json"));
  const { metadata, spec, status } = JSON.parse(text) as DeploymentJson;
  const condition = status.conditions?.find(({ type }) => type === "kaji.dev/Rollout");
  const env = spec.template.spec.containers[0]?.env;
  return {
    phase: condition?.reason ?? "",
    message: condition?.message ?? "",
    traffic: metadata.annotations?.["kaji.dev/traffic"] ?? "",
    version: env?.find(({ name }) => name === "VERSION")?.value ?? "",
    revision: metadata.annotations?.["deployment.kubernetes.io/revision"] ?? "",
  };
}

/** Waits until a version is in the template and the roll-out as it is asked for. */
export async function untilShop(
  cluster: TestCluster,
  version: string,
  isRight: (state: ShopState) => boolean,
  timeoutMs = 90_000,
): Promise<ShopState> {
  let seen: ShopState | undefined;
  try {
    return await eventually(
      `${version} is rolled out`,
      async () => {
        seen = await shopState(cluster);
        return seen.version === version && isRight(seen) ? seen : undefined;
      },
      timeoutMs,
    );
  } catch (cause) {
    throw new Error(`the shop is at ${JSON.stringify(seen)}`, { cause });
  }
}
