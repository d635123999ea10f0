import { existsSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Node, Pod } from "#api/schema/types";
import { eventually, findProgram } from "#test/support/host";
import {
  type HostsLab,
  type LabHost,
  type LabProcess,
  openHosts,
  whyNoHosts,
} from "#test/support/hosts";
import { BUSYBOX, type HostsCluster, startHostsCluster } from "#test/support/hosts-cluster";
import { askFromPod, ipOf, namesIn, whoContainer, whoService } from "#test/support/hosts-pods";

const missing = ["kubectl", "busybox", "gcc"].filter((name) => !findProgram(name));
const reason = whyNoHosts() ?? (missing.length > 0 ? `needs ${missing.join(", ")}` : undefined);
if (reason) console.warn(`hosts-lost: skipped: ${reason}`);

/** What it takes to replace a lost host's pods within ten seconds. */
const GRACE_SECONDS = 7;
/** Then a new pod is scheduled, started and ready, on a busy machine. */
const REPLACED_TIMEOUT_MS = GRACE_SECONDS * 1_000 + 60_000;
const RETURN_TIMEOUT_MS = 60_000;

/**
 * A host that is lost and comes back. Hosts share the file system of the machine: a file there to which every pod
 * of an identity writes shows whether two ever ran at a time.
 */
describe.skipIf(reason)("a lost host", () => {
  let lab: HostsLab;
  let cluster: HostsCluster;
  let marks: string;
  let hosts: LabHost[];
  const agents = new Map<string, LabProcess>();

  const podsOf = async (app: string): Promise<Pod[]> => {
    const text = await cluster.mustKubectl("get", "pods", "-l", `app=${app}`, "-o", "json");
    return (JSON.parse(text) as { items: Pod[] }).items;
  };
  const nodeOf = async (name: string): Promise<Node> =>
    JSON.parse(await cluster.mustKubectl("get", "node", name, "-o", "json")) as Node;
  const readyOn = (pods: readonly Pod[], ...names: string[]): Pod[] =>
    pods.filter(({ metadata, spec, status }) => {
      const isReady = status?.conditions?.some(
        (one) => one.type === "Ready" && one.status === "True",
      );
      return isReady && !metadata.deletionTimestamp && names.includes(spec.nodeName ?? "");
    });
  const hostOf = (pod: Pod): LabHost => {
    const host = hosts.find(({ name }) => name === pod.spec.nodeName);
    if (!host) throw new Error(`${pod.metadata.name} is on no host of ours`);
    return host;
  };
  const others = (host: LabHost): string[] =>
    hosts.filter((one) => one !== host).map(({ name }) => name);
  const untilReplaced = (host: LabHost, count: number): Promise<Pod[]> =>
    eventually(
      `${count} pods are ready on other hosts than ${host.name}`,
      async () => {
        const ready = readyOn(await podsOf("web"), ...others(host));
        return ready.length === count && ready;
      },
      REPLACED_TIMEOUT_MS,
    );
  /** Whoever has fallen silent while another spoke never speaks again. */
  const expectNoIdentityTwice = (): void => {
    for (const name of readdirSync(marks)) {
      const lines = readFileSync(join(marks, name), "utf8").trim().split("\n");
      const turns = lines.filter((uid, index) => uid !== lines[index - 1]);
      expect(turns, name).toHaveLength(new Set(lines).size);
    }
  };

  beforeAll(async () => {
    lab = await openHosts();
    marks = join(lab.root, "marks");
    mkdirSync(marks);
    hosts = [];
    for (const name of ["one", "two", "three"]) hosts.push(await lab.startHost(name));
    const [server] = hosts as [LabHost];
    cluster = await startHostsCluster(
      lab,
      server,
      "--node-monitor-grace-period",
      `${GRACE_SECONDS}s`,
    );
    for (const host of hosts) agents.set(host.name, await cluster.startAgent(host));
    await cluster.untilReady(...hosts);
    await cluster.importBusybox(...hosts);
    // Only two and three can be lost: one has the server.
    await cluster.mustKubectl("label", "nodes", "two", "three", "role=worker");
    await cluster.apply(webDeployment(), whoService("web", {}, { app: "web" }), database(marks));
    await cluster.mustKubectl("rollout", "status", "deployment/web", "--timeout=60s");
    await cluster.mustKubectl("rollout", "status", "statefulset/db", "--timeout=60s");
  }, 180_000);
  afterAll(() => lab?.close());

  test("pods of a Deployment are replaced elsewhere within the configured time", async () => {
    const [victim] = await podsOf("db");
    const lost = hostOf(victim as Pod);
    await lost.cutOff();
    const replaced = await untilReplaced(lost, 4);
    const ready = (await nodeOf(lost.name)).status?.conditions?.find(
      ({ type }) => type === "Ready",
    );
    expect(ready).toMatchObject({ status: "Unknown", reason: "NodeStatusUnknown" });
    const [from] = replaced as [Pod];
    const ip = await cluster.mustKubectl(
      "get",
      "service",
      "web",
      "-o",
      "jsonpath={.spec.clusterIP}",
    );
    const answers = [];
    for (let i = 0; i < 10; i++)
      answers.push(await askFromPod(cluster, from.metadata.name, ip, 80));
    const names = replaced.map(({ metadata }) => metadata.name);
    for (const name of namesIn(answers)) expect(names).toContain(name);
  });

  test("a StatefulSet's pod there is not started twice: it waits for its host's word", async () => {
    const pods = await podsOf("db");
    const waiting = pods.filter(({ metadata }) => metadata.deletionTimestamp);
    expect(pods.map(({ metadata }) => metadata.name).toSorted()).toEqual(["db-0", "db-1"]);
    expect(waiting).toHaveLength(1);
    const [pod] = waiting as [Pod];
    expect(sandboxesOn(hostOf(pod))).toContain(pod.metadata.uid);
    expectNoIdentityTwice();
  });

  test("the host that returns stops what was deleted meanwhile, and leaks no address", async () => {
    const pods = await podsOf("db");
    const old = pods.find(({ metadata }) => metadata.deletionTimestamp) as Pod;
    const host = hostOf(old);
    await host.reconnect();
    await eventually(
      "the database is complete again",
      async () => {
        const now = readyOn(await podsOf("db"), ...hosts.map(({ name }) => name));
        return now.length === 2 && now.every(({ metadata }) => metadata.uid !== old.metadata.uid);
      },
      RETURN_TIMEOUT_MS,
    );
    expectNoIdentityTwice();
    const uids = await eventually(
      `${host.name} has what the API says it has, and nothing else`,
      async () => {
        const text = await cluster.mustKubectl("get", "pods", "-A", "-o", "json");
        const all = (JSON.parse(text) as { items: Pod[] }).items;
        const wanted = all.filter(({ spec }) => spec.nodeName === host.name);
        const names = wanted.map(({ metadata }) => metadata.uid ?? "").toSorted();
        const isSame = (found: readonly string[]): boolean =>
          found.toSorted().join() === names.join();
        return isSame(sandboxesOn(host)) && isSame(addressesOn(host)) && names;
      },
      RETURN_TIMEOUT_MS,
    );
    const links = await host.must([
      "ip",
      "-o",
      "link",
      "show",
      "master",
      `${host.locations.instance}0`,
    ]);
    expect(links.split("\n").filter(Boolean)).toHaveLength(uids.length);
    const taints = (await nodeOf(host.name)).spec.taints ?? [];
    expect(taints).toEqual([]);
  });

  test("a host without power is given up by an administrator's word, and its identities move", async () => {
    const [victim] = (await podsOf("db")).filter(({ spec }) => spec.nodeName !== "one") as [Pod];
    const lost = hostOf(victim);
    await lost.kill9();
    await untilReplaced(lost, 4);
    expect((await podsOf("db")).map(({ metadata }) => metadata.uid)).toContain(victim.metadata.uid);
    const taint = "node.kubernetes.io/out-of-service=nodeshutdown:NoExecute";
    await cluster.mustKubectl("taint", "nodes", lost.name, taint);
    const moved = await eventually(
      `${victim.metadata.name} runs elsewhere`,
      async () =>
        readyOn(await podsOf("db"), ...others(lost)).find(
          ({ metadata }) => metadata.name === victim.metadata.name,
        ),
      RETURN_TIMEOUT_MS,
    );
    expect(moved.metadata.uid).not.toBe(victim.metadata.uid);
    await lost.boot();
    agents.set(lost.name, await cluster.startAgent(lost));
    await cluster.mustKubectl("taint", "nodes", lost.name, `${taint}-`);
    await cluster.untilReady(lost);
    await eventually("nothing of before runs there", () => {
      return sandboxesOn(lost).length === 0 && addressesOn(lost).length === 0;
    });
    expectNoIdentityTwice();
    await cluster.mustKubectl("scale", "deployment/web", "--replicas=8");
    await eventually(
      "the host serves again",
      async () => {
        const mine = readyOn(await podsOf("web"), lost.name);
        const [from] = readyOn(await podsOf("web"), ...others(lost));
        if (mine.length === 0 || !from) return false;
        const answer = await askFromPod(cluster, from.metadata.name, ipOf(mine[0] as Pod));
        return answer === `${mine[0]?.metadata.name} ${ipOf(from)}`;
      },
      RETURN_TIMEOUT_MS,
    );
  });
});

/** Pod uids of the sandboxes that a host has now. */
function sandboxesOn({ locations }: LabHost): string[] {
  const folder = join(locations.run, "sandboxes");
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    const file = join(folder, name, "sandbox.json");
    if (!existsSync(file)) return [];
    const { config } = JSON.parse(readFileSync(file, "utf8")) as {
      config: { labels: Record<string, string> };
    };
    return [config.labels["io.kubernetes.pod.uid"] ?? ""];
  });
}

/** Pod uids that hold an address on a host now. */
function addressesOn({ locations }: LabHost): string[] {
  const file = join(locations.run, "network/addresses.json");
  if (!existsSync(file)) return [];
  const { content } = JSON.parse(readFileSync(file, "utf8")) as {
    content: { pool: { held: Record<string, string> } };
  };
  return Object.keys(content.pool.held);
}

function webDeployment(): object {
  const labels = { app: "web" };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web" },
    spec: {
      replicas: 4,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { terminationGracePeriodSeconds: 1, containers: [whoContainer()] },
      },
    },
  };
}

/** Says all the time which pod it is. */
const SAY = `while :; do echo "$UID" >>"/marks/$POD"; sleep 0.2; done`;

/** Two identities on the two hosts that may be lost. */
function database(marks: string): object {
  const labels = { app: "db" };
  const anti = { labelSelector: { matchLabels: labels }, topologyKey: "kubernetes.io/hostname" };
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: "db" },
    spec: {
      replicas: 2,
      serviceName: "db",
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 1,
          affinity: {
            podAntiAffinity: {
              preferredDuringSchedulingIgnoredDuringExecution: [
                { weight: 100, podAffinityTerm: anti },
              ],
            },
            nodeAffinity: {
              preferredDuringSchedulingIgnoredDuringExecution: [
                {
                  weight: 100,
                  preference: {
                    matchExpressions: [{ key: "role", operator: "In", values: ["worker"] }],
                  },
                },
              ],
            },
          },
          volumes: [{ name: "marks", hostPath: { path: marks } }],
          containers: [
            {
              name: "db",
              image: BUSYBOX,
              imagePullPolicy: "IfNotPresent",
              command: ["sh", "-c", SAY],
              env: [
                { name: "POD", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
                { name: "UID", valueFrom: { fieldRef: { fieldPath: "metadata.uid" } } },
              ],
              volumeMounts: [{ name: "marks", mountPath: "/marks" }],
            },
          ],
        },
      },
    },
  };
}
