import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Pod } from "#api/schema/types";
import { eventually, findProgram } from "#test/support/host";
import { type HostsLab, type LabHost, openHosts, whyNoHosts } from "#test/support/hosts";
import { type HostsCluster, startHostsCluster } from "#test/support/hosts-cluster";
import { type HostsEtcd, startHostsEtcd } from "#test/support/hosts-etcd";
import { askFromPod, ipOf, whoContainer, whoPod, whoService } from "#test/support/hosts-pods";

const missing = ["kubectl", "busybox", "gcc", "etcd"].filter((name) => !findProgram(name));
const reason = whyNoHosts() ?? (missing.length > 0 ? `needs ${missing.join(", ")}` : undefined);
if (reason) console.warn(`hosts-servers: skipped: ${reason}`);

const TAKEOVER_TIMEOUT_MS = 60_000;

/** Three hosts, and on each a member of etcd, a server and an agent. */
describe.skipIf(reason)("three hosts with a server and a member of etcd each", () => {
  let lab: HostsLab;
  let cluster: HostsCluster;
  let etcd: HostsEtcd;
  let hosts: LabHost[];
  let one: LabHost;
  let two: LabHost;
  let three: LabHost;
  let lost: LabHost;

  beforeAll(async () => {
    lab = await openHosts();
    one = await lab.startHost("one");
    two = await lab.startHost("two");
    three = await lab.startHost("three", { subnet: 1 });
    hosts = [one, two, three];
    etcd = await startHostsEtcd(hosts);
    const flags = ["--store", etcd.url, "--node-monitor-grace-period", "10s"];
    cluster = await startHostsCluster(lab, one, ...flags);
    await Promise.all([two, three].map((host) => cluster.startServer(host)));
    await Promise.all(hosts.map((host) => cluster.startAgent(host)));
    await cluster.untilReady(...hosts);
    await cluster.importBusybox(...hosts);
    await cluster.apply(
      ...hosts.map(({ name }) => whoPod(`who-${name}`, name)),
      webDeployment(),
      whoService("web", {}, { app: "web" }),
    );
    for (const { name } of hosts) await cluster.untilPodReady(`who-${name}`);
    await cluster.mustKubectl("rollout", "status", "deployment/web", "--timeout=60s");
  }, 240_000);
  afterAll(() => lab?.close());

  /** Of the Service kubernetes. */
  const servers = (): Promise<string> =>
    cluster.mustKubectl(
      ...["get", "endpointslices", "-l", "kubernetes.io/service-name=kubernetes"],
      ...["-o", "jsonpath={.items[*].endpoints[*].addresses[*]}"],
    );
  /** The host whose server runs the controllers. */
  const leadingHost = (): Promise<LabHost> =>
    eventually("one of the servers leads", async () => {
      for (const host of hosts) {
        cluster.use(host);
        const text = await cluster.mustKubectl("get", "--raw", "/metrics");
        if (/^leader_election_master_status.*"kube-controller-manager".* 1$/m.test(text))
          return host;
      }
      return undefined;
    });
  const readyWeb = async (): Promise<Pod[]> => {
    const text = await cluster.mustKubectl("get", "pods", "-l", "app=web", "-o", "json");
    return (JSON.parse(text) as { items: Pod[] }).items.filter(
      ({ metadata, status }) =>
        !metadata.deletionTimestamp &&
        status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True"),
    );
  };
  const reachesApi = async (pod: string): Promise<boolean> => {
    const call = "nc -w 3 kubernetes.default 443 </dev/null";
    return (await cluster.kubectl("exec", pod, "--", "sh", "-c", call)).code === 0;
  };

  test("the Service kubernetes leads to every server, from pods of every host", async () => {
    await eventually("all servers are endpoints", async () => {
      return (
        (await servers()).split(" ").toSorted().join() ===
        hosts
          .map(({ ip }) => ip)
          .toSorted()
          .join()
      );
    });
    for (const { name } of hosts) {
      for (let i = 0; i < 6; i++) expect(await reachesApi(`who-${name}`), name).toBe(true);
    }
  });

  test("every server answers for pods of every host", async () => {
    for (const host of hosts) {
      cluster.use(host);
      for (const { name } of hosts) {
        expect(await cluster.mustKubectl("exec", `who-${name}`, "--", "hostname")).toBe(
          `who-${name}\n`,
        );
      }
    }
  });

  test("the cluster goes on when the host of the leader is lost with all that was on it", async () => {
    lost = await leadingHost();
    const [left, right] = hosts.filter((host) => host !== lost) as [LabHost, LabHost];
    cluster.use(left);
    await lost.kill9();
    const lostMs = Date.now();
    await eventually(
      "the pods of the lost host are replaced",
      async () => {
        const ready = await readyWeb();
        return ready.length === 4 && ready.every(({ spec }) => spec.nodeName !== lost.name);
      },
      TAKEOVER_TIMEOUT_MS,
    );
    console.info(`hosts-servers: replaced after ${(Date.now() - lostMs) / 1000} s`);
    await eventually(
      "the lost server is no endpoint",
      async () => !(await servers()).includes(lost.ip),
      TAKEOVER_TIMEOUT_MS,
    );
    for (const { name } of [left, right]) {
      for (let i = 0; i < 6; i++) expect(await reachesApi(`who-${name}`), name).toBe(true);
    }
    await cluster.apply(whoPod("late", right.name));
    const late = await cluster.untilPodReady("late");
    expect(await askFromPod(cluster, `who-${left.name}`, ipOf(late))).toMatch(/^late /);
  });

  test("the host that returns takes part again", async () => {
    await lost.boot();
    await etcd.start(lost);
    await cluster.startServer(lost);
    await cluster.startAgent(lost);
    await cluster.untilReady(lost);
    await eventually(
      "its server is an endpoint",
      async () => (await servers()).includes(lost.ip),
      TAKEOVER_TIMEOUT_MS,
    );
    cluster.use(lost);
    const ip = await cluster.mustKubectl(
      "get",
      "service",
      "web",
      "-o",
      "jsonpath={.spec.clusterIP}",
    );
    const pod = await eventually("a pod can run there again", async () => {
      await cluster.apply(whoPod("again", lost.name));
      return cluster.untilPodReady("again");
    });
    expect(await askFromPod(cluster, "again", ip, 80)).toMatch(/^web-/);
    const [other] = hosts.filter((host) => host !== lost) as [LabHost];
    expect(await askFromPod(cluster, `who-${other.name}`, ipOf(pod))).toMatch(/^again /);
  });
});

function webDeployment(): object {
  const labels = { app: "web" };
  const spec = { terminationGracePeriodSeconds: 1, containers: [whoContainer()] };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web" },
    spec: {
      replicas: 4,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec },
    },
  };
}
