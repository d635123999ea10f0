import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deploymentKind } from "#api/kinds/deployment";
import { ingressKind } from "#api/kinds/ingress";
import { serviceKind } from "#api/kinds/service";
import type { Deployment } from "#api/schema/types";
import { createClient } from "#client/api-client";
import type { Client } from "#client/client";
import { loadKubeconfig } from "#client/kubeconfig";
import { restTransport } from "#client/rest";
import { createInformers, type Informers } from "#client/shared-informers";
import { systemClock } from "#kit/clock";
import { silentLog } from "#kit/log";
import { packageRoot } from "#kit/package-root";
import { must } from "#test/support/chaos-cluster";
import type { TestCluster } from "#test/support/cluster";
import { eventually } from "#test/support/host";

/** The app of manifests/cookpad on a test's cluster: its image, its objects, and a swap of its version. */
export const RECIPES_HOST = "recipes.localhost";
const RECIPES_IMAGE = "kaji.dev/recipes:v1";
const COOKPAD = join(packageRoot(), "manifests/cookpad");
const NAME = "recipes";
const key = { name: NAME, namespace: "default" };
const SWAP_TIMEOUT_MS = 60_000;

/** How a version behaves: see recipes.c. */
export type Mode = "good" | "never-ready" | "crashing" | "slow" | "failing";

export interface Version {
  readonly name: string;
  readonly mode?: Mode;
}

export interface Recipes {
  readonly client: Client;
  readonly informers: Informers;
  /** Writes the version, with these annotations of the Deployment (null takes one away), and does not wait. */
  set(version: Version, annotations?: Readonly<Record<string, string | null>>): Promise<void>;
  /** Waits until the Deployment, as the API has it, is so. */
  until(sentence: string, isSo: (deployment: Deployment) => boolean): Promise<Deployment>;
  close(): Promise<void>;
}

/** Built as docs/cookpad.md says. */
export async function buildRecipes(cluster: TestCluster): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "kaji-recipes-"));
  try {
    cpSync(join(COOKPAD, "Dockerfile"), join(folder, "Dockerfile"));
    const flags = ["-O2", "-Wall", "-Wextra", "-Werror", "-static", "-pthread"];
    const source = join(COOKPAD, "recipes.c");
    execFileSync("gcc", [...flags, "-o", join(folder, "recipes"), source]);
    must(await cluster.kaji("build", folder, "--tag", RECIPES_IMAGE));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Makes Deployment, Service and Ingress, and waits for the first version. */
export async function installRecipes(
  cluster: TestCluster,
  options: { replicas: number; drainSeconds: number },
): Promise<Recipes> {
  const transport = restTransport((await loadKubeconfig(cluster.kubeconfig)).rest);
  const client = createClient(transport);
  const ending = new AbortController();
  const { signal } = ending;
  const informers = createInformers(client, { clock: systemClock, log: silentLog, signal });
  await client.create(serviceKind, {
    apiVersion: "v1",
    kind: "Service",
    metadata: key,
    spec: { selector: { app: NAME }, ports: [{ name: "http", port: 80, targetPort: 8080 }] },
  });
  const backend = { service: { name: NAME, port: { name: "http" } } };
  await client.create(ingressKind, {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: key,
    spec: {
      rules: [
        { host: RECIPES_HOST, http: { paths: [{ path: "/", pathType: "Prefix", backend }] } },
      ],
    },
  });
  await client.create(deploymentKind, deployment(options));
  const deployments = informers.for(deploymentKind);
  const until: Recipes["until"] = (sentence, isSo) =>
    eventually(
      sentence,
      () => {
        const current = deployments.get(`default/${NAME}`);
        return current && isSo(current) && current;
      },
      SWAP_TIMEOUT_MS,
    );
  await until("the first version stands", isSettled);
  return {
    ...{ client, informers, until },
    async set(version, annotations = {}) {
      const template = { spec: { containers: [container(version)] } };
      const body = { metadata: { annotations }, spec: { template } };
      await client.patch(deploymentKind, key, { type: "strategic", body });
    },
    async close() {
      ending.abort();
      await informers.stopped();
      await transport.close();
    },
  };
}

/** The roll-out is done, and every pod of former versions has been told to end. */
export function isSettled({ metadata, spec, status }: Deployment): boolean {
  const wanted = spec?.replicas ?? 1;
  return (
    status?.observedGeneration === metadata.generation &&
    status?.replicas === wanted &&
    status.updatedReplicas === wanted &&
    status.availableReplicas === wanted
  );
}

/** Of the template. */
export function versionOf({ spec }: Deployment): string | undefined {
  const [web] = spec?.template.spec?.containers ?? [];
  return web?.env?.find(({ name }) => name === "VERSION")?.value;
}

/** The reason of the condition that a strategy writes: "Step", "Complete", "RolledBack", ... */
export function phaseOf({ status }: Deployment): string | undefined {
  return status?.conditions?.find(({ type }) => type === "kaji.dev/Rollout")?.reason;
}

function container({ name, mode = "good" }: Version) {
  return {
    name: "web",
    image: RECIPES_IMAGE,
    imagePullPolicy: "IfNotPresent",
    env: [
      { name: "VERSION", value: name },
      { name: "MODE", value: mode },
    ],
    ports: [{ name: "http", containerPort: 8080 }],
    // A machine that is short of processors is not taken for an app that is ill.
    readinessProbe: {
      httpGet: { path: "/ready", port: "http" },
      ...{ periodSeconds: 1, timeoutSeconds: 5, failureThreshold: 6 },
    },
  };
}

function deployment(options: { replicas: number; drainSeconds: number }): Deployment {
  const labels = { app: NAME };
  const annotations = { "kaji.dev/drain-timeout-seconds": String(options.drainSeconds) };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: key,
    spec: {
      replicas: options.replicas,
      revisionHistoryLimit: 3,
      selector: { matchLabels: labels },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: {
        metadata: { name: "", labels, annotations },
        spec: { terminationGracePeriodSeconds: 10, containers: [container({ name: "v0" })] },
      },
    },
  };
}
