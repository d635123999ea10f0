import { deploymentKind } from "#api/kinds/deployment";
import { namespaceKind } from "#api/kinds/namespace";
import { podKind } from "#api/kinds/pod";
import { podDisruptionBudgetKind } from "#api/kinds/pod-disruption-budget";
import { MIN_AVAILABLE_ANNOTATION, POD_GROUP_LABEL } from "#api/kinds/pod-group";
import { priorityClassKind } from "#api/kinds/priority-class";
import { replicaSetKind } from "#api/kinds/replica-set";
import { resourceQuotaKind } from "#api/kinds/resource-quota";
import { serviceKind } from "#api/kinds/service";
import { StatusError } from "#api/machinery/status-error";
import type { Deployment, Pod, PodDisruptionBudget, Service } from "#api/schema/types";
import type { Client } from "#client/client";
import type { Rng } from "#kit/rng";
import { evict } from "#test/simulation/evictions";
import { pick } from "#test/simulation/pick";
import { BEHAVIOUR_LABEL } from "#test/simulation/simulated-node";

/** What users do, at random: one operation per call, each described in one line. */
export const NAMESPACES = ["alpha", "beta"];
const NAMES = ["api", "web", "worker"];
const FENCES = [
  { maxSurge: 1, maxUnavailable: 0 },
  { maxSurge: 0, maxUnavailable: 1 },
  { maxSurge: "25%", maxUnavailable: "25%" },
  { maxSurge: 2, maxUnavailable: 2 },
];

/** Pods of it may evict others. */
const IMPORTANT = "important";

export async function createPriorityClass(client: Client): Promise<void> {
  await client.create(priorityClassKind, {
    apiVersion: "scheduling.k8s.io/v1",
    kind: "PriorityClass",
    metadata: { name: IMPORTANT },
    value: 1_000,
  });
}

type Operation = (client: Client, rng: Rng, target: Target) => Promise<string | undefined>;
interface Target {
  readonly namespace: string;
  readonly name: string;
}

const operations: readonly { readonly weight: number; readonly run: Operation }[] = [
  { weight: 6, run: create },
  { weight: 6, run: scale },
  { weight: 6, run: roll },
  { weight: 3, run: rollBack },
  { weight: 2, run: pauseOrResume },
  { weight: 2, run: remove },
  { weight: 2, run: limit },
  { weight: 2, run: createGroup },
  { weight: 1, run: removeGroup },
  { weight: 2, run: protect },
  { weight: 3, run: evict },
  { weight: 1, run: removeNamespace },
];

export async function operate(client: Client, rng: Rng): Promise<string> {
  const target = await chooseTarget(client, rng);
  const total = operations.reduce((sum, { weight }) => sum + weight, 0);
  let at = rng.next() * total;
  const chosen = operations.find(({ weight }) => (at -= weight) < 0) ?? operations[0];
  try {
    return (await chosen?.run(client, rng, target)) ?? "nothing to do";
  } catch (error) {
    // Users meet conflicts, missing objects and namespaces that are going; they shrug.
    if (!(error instanceof StatusError) || error.code >= 500) throw error;
    return `refused: ${error.message}`;
  }
}

/** Mostly a Deployment that is there. */
async function chooseTarget(client: Client, rng: Rng): Promise<Target> {
  const { items } = await client.list(deploymentKind);
  const { namespace = "", name } =
    rng.next() < 0.75 && items.length > 0 ? pick(rng, items).metadata : anyTarget(rng);
  return { namespace, name };
}

function anyTarget(rng: Rng): Target {
  return { namespace: pick(rng, NAMESPACES), name: pick(rng, NAMES) };
}

/** Makes every Deployment able to finish. */
export async function repair(client: Client): Promise<void> {
  for (const { metadata } of (await client.list(resourceQuotaKind)).items) {
    const { namespace = "", name } = metadata;
    await client.delete(resourceQuotaKind, { namespace, name });
  }
  for (const deployment of (await client.list(deploymentKind)).items) {
    const next = structuredClone(deployment);
    next.spec.paused = false;
    setVersion(next, "final", false);
    await client.update(deploymentKind, { ...next, metadata: withoutVersion(next) });
  }
}

async function create(client: Client, rng: Rng, { namespace, name }: Target): Promise<string> {
  await ensureNamespace(client, namespace);
  const replicas = Math.floor(rng.next() * 7);
  const isRecreate = rng.next() < 0.2;
  const priority = rng.next() < 0.3 ? { priorityClassName: IMPORTANT } : {};
  const deployment: Deployment = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace },
    spec: {
      replicas,
      minReadySeconds: rng.next() < 0.3 ? 5 : 0,
      progressDeadlineSeconds: 60,
      revisionHistoryLimit: 2,
      strategy: isRecreate
        ? { type: "Recreate" }
        : { type: "RollingUpdate", rollingUpdate: pick(rng, FENCES) },
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { name: "", labels: { app: name } },
        spec: {
          ...priority,
          containers: [
            {
              name: "main",
              image: "v0",
              resources: { requests: { cpu: pick(rng, ["100m", "300m"]) } },
            },
          ],
        },
      },
    },
  };
  await client.create(deploymentKind, deployment);
  const service: Service = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace },
    spec: { selector: { app: name }, ports: [{ port: 80 }] },
  };
  await client.create(serviceKind, service).catch((error: unknown) => {
    if (!(error instanceof StatusError) || error.code !== 409) throw error;
  });
  return `create ${namespace}/${name} with ${replicas} replicas`;
}

async function ensureNamespace(client: Client, name: string): Promise<void> {
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name } };
  await client.create(namespaceKind, namespace).catch((error: unknown) => {
    if (!(error instanceof StatusError) || error.code !== 409) throw error;
  });
}

async function scale(client: Client, rng: Rng, target: Target): Promise<string> {
  const replicas = Math.floor(rng.next() * 8);
  await merge(client, target, { replicas });
  return `scale ${target.namespace}/${target.name} to ${replicas}`;
}

async function roll(client: Client, rng: Rng, target: Target): Promise<string> {
  const deployment = await client.get(deploymentKind, target.name, target.namespace);
  const next = structuredClone(deployment);
  const version = `v${Math.floor(rng.next() * 1000)}`;
  const isBroken = rng.next() < 0.25;
  setVersion(next, version, isBroken);
  await client.update(deploymentKind, next);
  return `roll ${target.namespace}/${target.name} to ${version}${isBroken ? " (broken)" : ""}`;
}

async function rollBack(client: Client, rng: Rng, target: Target): Promise<string | undefined> {
  const { namespace, name } = target;
  const deployment = await client.get(deploymentKind, name, namespace);
  const sets = (await client.list(replicaSetKind, { namespace })).items.filter(
    ({ metadata }) => metadata.ownerReferences?.[0]?.uid === deployment.metadata.uid,
  );
  if (sets.length === 0) return undefined;
  const template = structuredClone(pick(rng, sets).spec.template);
  if (!template) return undefined;
  delete template.metadata?.labels?.["pod-template-hash"];
  const next = structuredClone(deployment);
  next.spec.template = template;
  await client.update(deploymentKind, next);
  return `roll back ${namespace}/${name}`;
}

async function pauseOrResume(client: Client, _rng: Rng, target: Target): Promise<string> {
  const { spec } = await client.get(deploymentKind, target.name, target.namespace);
  await merge(client, target, { paused: !spec.paused });
  return `${spec.paused ? "resume" : "pause"} ${target.namespace}/${target.name}`;
}

async function remove(client: Client, rng: Rng, { namespace, name }: Target): Promise<string> {
  const propagationPolicy = pick(rng, ["Background", "Foreground", "Orphan"]);
  await client.delete(deploymentKind, { name, namespace }, { propagationPolicy });
  return `delete ${namespace}/${name} (${propagationPolicy})`;
}

/** Also below what is used already. */
async function limit(client: Client, rng: Rng, { namespace }: Target): Promise<string> {
  const pods = String(1 + Math.floor(rng.next() * 12));
  const spec = { hard: { pods, "requests.cpu": "2" } };
  const metadata = { name: "quota", namespace };
  const quota = { apiVersion: "v1", kind: "ResourceQuota", metadata, spec };
  const { items } = await client.list(resourceQuotaKind, { namespace });
  if (items.length === 0) await client.create(resourceQuotaKind, quota);
  else await client.patch(resourceQuotaKind, metadata, { type: "merge", body: { spec } });
  return `limit ${namespace} to ${pods} pods`;
}

/** Pods that run together or not at all; nobody makes them anew. */
async function createGroup(client: Client, rng: Rng, { namespace }: Target): Promise<string> {
  await ensureNamespace(client, namespace);
  const group = `group-${Math.floor(rng.next() * 1_000_000)}`;
  const size = 2 + Math.floor(rng.next() * 3);
  const cpu = pick(rng, ["300m", "1", "3"]);
  const priority = rng.next() < 0.3 ? { priorityClassName: IMPORTANT } : {};
  for (let i = 0; i < size; i++) {
    await client.create<Pod>(podKind, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        name: `${group}-${i}`,
        namespace,
        labels: { [POD_GROUP_LABEL]: group },
        annotations: { [MIN_AVAILABLE_ANNOTATION]: String(size) },
      },
      spec: {
        ...priority,
        containers: [{ name: "main", image: "v0", resources: { requests: { cpu } } }],
      },
    });
  }
  return `create ${namespace}/${group} of ${size} pods with ${cpu} each`;
}

async function removeGroup(client: Client, rng: Rng): Promise<string | undefined> {
  const { items } = await client.list(podKind, { labelSelector: POD_GROUP_LABEL });
  if (items.length === 0) return undefined;
  const { labels, namespace = "" } = pick(rng, items).metadata;
  const group = labels?.[POD_GROUP_LABEL];
  for (const { metadata } of items) {
    if (metadata.namespace !== namespace || metadata.labels?.[POD_GROUP_LABEL] !== group) continue;
    await client.delete(podKind, { name: metadata.name, namespace });
  }
  return `delete ${namespace}/${group}`;
}

async function protect(client: Client, rng: Rng, { namespace, name }: Target): Promise<string> {
  const maxUnavailable = Math.floor(rng.next() * 3);
  const budget: PodDisruptionBudget = {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name, namespace },
    spec: { maxUnavailable, selector: { matchLabels: { app: name } } },
  };
  await client.create(podDisruptionBudgetKind, budget);
  return `protect ${namespace}/${name}: ${maxUnavailable} may be unavailable`;
}

async function removeNamespace(client: Client, _rng: Rng, target: Target): Promise<string> {
  await client.delete(namespaceKind, { name: target.namespace });
  return `delete namespace ${target.namespace}`;
}

async function merge(client: Client, { namespace, name }: Target, spec: object): Promise<void> {
  await client.patch(deploymentKind, { name, namespace }, { type: "merge", body: { spec } });
}

function setVersion(draft: Deployment, version: string, isBroken: boolean): void {
  const { template } = draft.spec;
  const labels = { ...template.metadata?.labels };
  delete labels[BEHAVIOUR_LABEL];
  if (isBroken) labels[BEHAVIOUR_LABEL] = "broken";
  template.metadata = { ...template.metadata, labels } as NonNullable<typeof template.metadata>;
  for (const container of template.spec?.containers ?? []) container.image = version;
}

function withoutVersion({ metadata }: Deployment): Deployment["metadata"] {
  const { resourceVersion: _, ...rest } = metadata;
  return rest;
}
