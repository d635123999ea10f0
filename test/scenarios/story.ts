import { deploymentKind } from "#api/kinds/deployment";
import { eventKind } from "#api/kinds/event";
import { namespaceKind } from "#api/kinds/namespace";
import { nodeKind } from "#api/kinds/node";
import { podKind } from "#api/kinds/pod";
import { podPhaseSummary } from "#api/kinds/pod-status";
import { replicaSetKind } from "#api/kinds/replica-set";
import { StatusError } from "#api/machinery/status-error";
import type { Deployment } from "#api/schema/types";
import { seededRng } from "#kit/rng";
import { type Cluster, createCluster } from "#test/simulation/cluster";
import { BEHAVIOUR_LABEL } from "#test/simulation/simulated-node";
import { deployment } from "#test/support/workloads";

/**
 * Plays a story: lines that start with "> " are commands, answered by what the real control plane makes of
 * them on virtual time. Everything else in the file is prose or the answers of the last run.
 */
export async function play(text: string): Promise<string> {
  const cluster = await createCluster(seededRng(1));
  const startMs = cluster.clock.now();
  const told = new Set<string>();
  const out: string[] = [];
  try {
    await cluster.startControlPlane();
    for (const block of text.trimEnd().split("\n")) {
      // Answers are indented: they are told anew.
      if (block.startsWith("  ")) continue;
      out.push(block);
      if (!block.startsWith("> ")) continue;
      const [name = "", ...args] = block.slice(2).split(" ");
      const command = commands[name];
      if (!command) throw new Error(`there is no command "${name}" in a story`);
      const answer = await command(cluster, args).catch(refusalOf);
      const news = name === "wait" ? await eventsOf(cluster, told, startMs) : [];
      out.push(...[...answer, ...news].map((line) => `  ${line}`));
    }
  } finally {
    await cluster.close();
  }
  return `${out.join("\n")}\n`;
}

type Command = (cluster: Cluster, args: readonly string[]) => Promise<string[]>;

const NAMESPACE = "default";

const commands: Readonly<Record<string, Command>> = {
  /** node CPU */
  async node(cluster, [cpu = "4"]) {
    const { name } = await cluster.addNode({ cpu, memory: "8Gi", pods: "20" });
    return [`${name} joins with ${cpu} cpu`];
  },
  /** crash NODE */
  async crash(cluster, [name]) {
    cluster.nodes.find((node) => node.name === name)?.crash();
    return [];
  },
  /** return NODE */
  async return(cluster, [name]) {
    await cluster.nodes.find((node) => node.name === name)?.start();
    return [];
  },
  /** deploy NAME REPLICAS IMAGE CPU [NAMESPACE] */
  async deploy({ client }, [name = "", replicas, image = "", cpu = "100m", namespace = NAMESPACE]) {
    const base = deployment(name, {
      replicas: Number(replicas),
      progressDeadlineSeconds: 60,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    });
    const { template } = base.spec;
    template.spec = { containers: [{ name: "main", image, resources: { requests: { cpu } } }] };
    await client.create(deploymentKind, { ...base, metadata: { name, namespace } });
    return [];
  },
  /** image NAME IMAGE; an image with "broken" in its name never becomes ready. */
  image: (cluster, [name = "", image = ""]) =>
    edit(cluster, name, ({ spec: { template } }) => {
      const labels = { ...template.metadata?.labels };
      delete labels[BEHAVIOUR_LABEL];
      if (image.includes("broken")) labels[BEHAVIOUR_LABEL] = "broken";
      template.metadata = { name: "", labels };
      for (const container of template.spec?.containers ?? []) container.image = image;
    }),
  /** scale NAME REPLICAS */
  scale: (cluster, [name = "", replicas]) =>
    edit(cluster, name, ({ spec }) => {
      spec.replicas = Number(replicas);
    }),
  /** namespace NAME */
  async namespace({ client }, [name = ""]) {
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name } };
    await client.create(namespaceKind, namespace);
    return [];
  },
  /** delete-namespace NAME */
  async "delete-namespace"({ client }, [name = ""]) {
    await client.delete(namespaceKind, { name });
    return [];
  },
  /** wait SECONDS: says what happened meanwhile. */
  async wait(cluster, [seconds]) {
    await cluster.run(Number(seconds) * 1000);
    return [];
  },
  /** show deployments|pods|nodes|namespaces */
  async show(cluster, [what = ""]) {
    const view = views[what];
    if (!view) throw new Error(`there is nothing to show as "${what}"`);
    const lines = await view(cluster);
    return lines.length > 0 ? lines : ["none"];
  },
};

const views: Readonly<Record<string, (cluster: Cluster) => Promise<string[]>>> = {
  async deployments({ client }) {
    const sets = (await client.list(replicaSetKind)).items;
    return (await client.list(deploymentKind)).items.flatMap(({ metadata, spec, status }) => [
      `${metadata.name} ${status?.readyReplicas ?? 0}/${spec.replicas} ready, ${status?.updatedReplicas ?? 0} up to date, ${status?.availableReplicas ?? 0} available`,
      ...(status?.conditions ?? []).map(
        (one) => `  ${one.type}=${one.status} ${one.reason}: ${one.message}`,
      ),
      ...sets
        .filter((set) => set.metadata.ownerReferences?.[0]?.name === metadata.name)
        .map(
          (set) =>
            `  revision ${set.metadata.annotations?.["deployment.kubernetes.io/revision"]}: ${set.spec.template?.spec?.containers[0]?.image} ${set.status?.readyReplicas ?? 0}/${set.spec.replicas}`,
        ),
    ]);
  },
  async pods({ client }) {
    return (await client.list(podKind)).items.map((pod) => {
      const scheduled = pod.status?.conditions?.find(({ type }) => type === "PodScheduled");
      const isReady = pod.status?.conditions?.some(
        (one) => one.type === "Ready" && one.status === "True",
      );
      const why = scheduled?.status === "False" ? ` (${scheduled.message})` : "";
      return `${pod.metadata.name} ${isReady ? "1/1" : "0/1"} ${podPhaseSummary(pod)} ${pod.spec.nodeName ?? "no node"}${why}`;
    });
  },
  async nodes({ client }) {
    return (await client.list(nodeKind)).items.map(({ metadata, spec, status }) => {
      const ready = status?.conditions?.find(({ type }) => type === "Ready");
      const taints = (spec.taints ?? []).map(({ key, effect }) => ` ${key}:${effect}`).join("");
      return `${metadata.name} Ready=${ready?.status}${taints}`;
    });
  },
  async namespaces({ client }) {
    return (await client.list(namespaceKind)).items.flatMap(({ metadata, status }) => [
      `${metadata.name} ${status?.phase}`,
      ...(status?.conditions ?? [])
        .filter((one) => one.status === "True")
        .map((one) => `  ${one.reason}: ${one.message}`),
    ]);
  },
};

async function edit(
  { client }: Cluster,
  name: string,
  change: (draft: Deployment) => void,
): Promise<string[]> {
  const draft = structuredClone(await client.get(deploymentKind, name, NAMESPACE));
  change(draft);
  await client.update(deploymentKind, draft);
  return [];
}

async function eventsOf(cluster: Cluster, told: Set<string>, startMs: number): Promise<string[]> {
  const events = (await cluster.client.list(eventKind)).items
    .filter(({ metadata }) => !told.has(metadata.uid ?? ""))
    .sort((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion));
  return events.map(({ metadata, firstTimestamp, reason, involvedObject, message }) => {
    told.add(metadata.uid ?? "");
    const seconds = Math.round((Date.parse(firstTimestamp ?? "") - startMs) / 1000);
    return `${seconds}s ${reason} ${involvedObject.kind?.toLowerCase()}/${involvedObject.name}: ${message}`;
  });
}

function refusalOf(error: unknown): string[] {
  if (error instanceof StatusError) return [`refused: ${error.message}`];
  throw error;
}
