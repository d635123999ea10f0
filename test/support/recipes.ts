import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { deploymentKind } from "#api/kinds/deployment";
import type { Deployment } from "#api/schema/types";
import { createClient } from "#client/api-client";
import type { Client } from "#client/client";
import { loadKubeconfig } from "#client/kubeconfig";
import { restTransport } from "#client/rest";
import { createInformers, type Informers } from "#client/shared-informers";
import { systemClock } from "#kit/clock";
import { invariant } from "#kit/invariant";
import { silentLog } from "#kit/log";
import { packageRoot } from "#kit/package-root";
import { must } from "#test/support/chaos-cluster";
import type { TestCluster } from "#test/support/cluster";
import { servedAddresses } from "#test/support/chaos";
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

/** Applies manifests/cookpad with these changes, and waits for the first version. */
export async function installRecipes(
  cluster: TestCluster,
  options: {
    readonly replicas: number;
    readonly drainSeconds: number;
    readonly progressDeadlineSeconds?: number;
    /** Of the Deployment, in place of those that are there. */
    readonly annotations?: Readonly<Record<string, string>>;
  },
): Promise<Recipes> {
  const objects = [deploymentFor(options), ...["service", "ingress"].map(manifest)];
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
  must(await cluster.kubectlInput(list, "apply", "-f", "-"));
  const transport = restTransport((await loadKubeconfig(cluster.kubeconfig)).rest);
  const client = createClient(transport);
  const ending = new AbortController();
  const { signal } = ending;
  const informers = createInformers(client, { clock: systemClock, log: silentLog, signal });
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
  const isServed = async (): Promise<boolean> =>
    (await servedAddresses(cluster)).length >= options.replicas;
  await eventually("nginx sends to every pod of it", isServed, SWAP_TIMEOUT_MS);
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
  const env = [
    { name: "VERSION", value: name },
    { name: "MODE", value: mode },
  ];
  return { name: "web", env };
}

function deploymentFor(options: Parameters<typeof installRecipes>[1]): Deployment {
  const { replicas, drainSeconds, progressDeadlineSeconds = 30, annotations = {} } = options;
  const { metadata, spec, ...rest } = manifest("deployment") as Deployment;
  invariant(spec, "the manifest has a spec");
  const drain = { "kaji.dev/drain-timeout-seconds": String(drainSeconds) };
  const template = {
    ...spec.template,
    metadata: { ...spec.template.metadata, name: "", annotations: drain },
  };
  return {
    ...rest,
    metadata: { ...metadata, annotations },
    spec: { ...spec, replicas, progressDeadlineSeconds, revisionHistoryLimit: 3, template },
  };
}

function manifest(name: string): object {
  return parse(readFileSync(join(COOKPAD, `${name}.yaml`), "utf8")) as object;
}
