import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { packageRoot } from "#kit/package-root";
import type { NetworkPolicySpec, Pod } from "#api/schema/types";
import { eventually, findProgram } from "#test/support/host";
import { type HostsLab, type LabHost, openHosts, whyNoHosts } from "#test/support/hosts";
import { type HostsCluster, startHostsCluster } from "#test/support/hosts-cluster";
import { askFromHost, askFromPod, ipOf, whoPod } from "#test/support/hosts-pods";

const missing = ["kubectl", "busybox", "gcc"].filter((name) => !findProgram(name));
const reason = whyNoHosts() ?? (missing.length > 0 ? `needs ${missing.join(", ")}` : undefined);
if (reason) console.warn(`hosts-network-policy: skipped: ${reason}`);

const SYSTEM = { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } };

describe.skipIf(reason)("policies of a cluster of two hosts", () => {
  let lab: HostsLab;
  let cluster: HostsCluster;
  let one: LabHost;
  let two: LabHost;
  const pods = new Map<string, Pod>();
  const ip = (name: string): string => ipOf(pods.get(name) as Pod);
  const named = (name: string) => ({ podSelector: { matchLabels: { name } } });

  const policy = (name: string, spec: NetworkPolicySpec) => ({
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name },
    spec,
  });
  const asks = async (from: string, to: string): Promise<boolean> =>
    (await askFromPod(cluster, from, ip(to)))?.startsWith(to) ?? false;
  const untilAsks = (from: string, to: string, wanted: boolean): Promise<unknown> =>
    eventually(`${from} ${wanted ? "reaches" : "does not reach"} ${to}`, async () => {
      return (await asks(from, to)) === wanted;
    });
  const hostAsks = async (host: LabHost, to: string): Promise<boolean> =>
    (await askFromHost(host, ip(to)))?.startsWith(to) ?? false;

  beforeAll(async () => {
    lab = await openHosts();
    one = await lab.startHost("one");
    two = await lab.startHost("two");
    cluster = await startHostsCluster(lab, one);
    await Promise.all([one, two].map((host) => cluster.startAgent(host)));
    await cluster.untilReady(one, two);
    await cluster.importBusybox(one, two);
    const where = { near: "one", target: "one", far: "two" };
    await cluster.apply(...Object.entries(where).map(([name, node]) => whoPod(name, node)));
    for (const name of Object.keys(where)) pods.set(name, await cluster.untilPodReady(name));
  }, 180_000);
  afterAll(() => lab?.close());
  beforeEach(async () => {
    await cluster.mustKubectl("delete", "networkpolicy", "--all");
    await untilAsks("far", "target", true);
    await untilAsks("near", "target", true);
  });

  test("a closed pod is reached by nobody but its node, and stays ready", async () => {
    await cluster.apply(policy("closed", named("target")));
    await untilAsks("far", "target", false);
    await untilAsks("near", "target", false);
    expect(await hostAsks(two, "target")).toBe(false);
    expect(await hostAsks(one, "target")).toBe(true);
    await cluster.mustKubectl("wait", "pod/target", "--for=condition=Ready", "--timeout=5s");
  });

  test("a peer of another host is let in by its labels, and out again when it loses them", async () => {
    await cluster.apply(
      policy("some", { ...named("target"), ingress: [{ from: [named("far")] }] }),
    );
    await untilAsks("near", "target", false);
    await untilAsks("far", "target", true);
    await cluster.mustKubectl("label", "pod", "far", "name=else", "--overwrite");
    await untilAsks("far", "target", false);
    await cluster.mustKubectl("label", "pod", "far", "name=far", "--overwrite");
    await untilAsks("far", "target", true);
  });

  test("namespaces are peers by their labels, as they are now", async () => {
    await cluster.apply(
      policy("labelled", {
        ...named("target"),
        ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: "shop" } } }] }],
      }),
    );
    await untilAsks("far", "target", false);
    await cluster.mustKubectl("label", "namespace", "default", "team=shop");
    await untilAsks("far", "target", true);
    await cluster.mustKubectl("label", "namespace", "default", "team-");
    await untilAsks("far", "target", false);
  });

  test("the ingress on another host is let in by the labels that stand for it", async () => {
    await cluster.apply(policy("closed", named("target")));
    await untilAsks("near", "target", false);
    expect(await hostAsks(two, "target")).toBe(false);
    const podSelector = { matchLabels: { "app.kubernetes.io/name": "kaji-ingress" } };
    const from = [{ namespaceSelector: SYSTEM, podSelector }];
    await cluster.apply(policy("ingress", { ...named("target"), ingress: [{ from }] }));
    await eventually("the other host reaches the pod", () => hostAsks(two, "target"));
    expect(await asks("far", "target")).toBe(false);
    await cluster.mustKubectl("label", "node", "one", "kaji.dev/ingress=");
    await eventually("a host that is no ingress does not", async () => {
      return !(await hostAsks(two, "target"));
    });
    await cluster.mustKubectl("label", "node", "one", "kaji.dev/ingress-");
  });

  test("what a pod may send is held on its own host, also to pods of another", async () => {
    await cluster.apply(
      policy("quiet", {
        ...named("far"),
        policyTypes: ["Egress"],
        egress: [{ to: [named("near")] }],
      }),
    );
    await untilAsks("far", "target", false);
    await untilAsks("far", "near", true);
    expect(await asks("target", "far")).toBe(true);
  });

  test("kubectl describes a policy, and one that is wrong is refused with the field's name", async () => {
    await cluster.apply(
      policy("shown", {
        ...named("target"),
        ingress: [{ ports: [{ port: 80 }], from: [named("far")] }],
      }),
    );
    const text = await cluster.mustKubectl("describe", "networkpolicy", "shown");
    expect(text).toMatch(/To Port: 80\/TCP[^]*PodSelector: name=far[^]*Policy Types: Ingress/);
    const examples = join(packageRoot(), "manifests/network-policy");
    await cluster.mustKubectl("apply", "-f", examples);
    expect(await cluster.mustKubectl("get", "networkpolicy")).toMatch(
      /^NAME +POD-SELECTOR +AGE\nallow-api +uses-api=true +\d+s\nallow-dns +<none> /,
    );
    const wrong = policy("wrong", {
      ...named("target"),
      ingress: [{ from: [{ ipBlock: { cidr: "10.0.0.0/8", except: ["192.0.2.0/24"] } }] }],
    });
    await expect(cluster.apply(wrong)).rejects.toThrow(
      /spec\.ingress\[0\]\.from\[0\]\.ipBlock\.except\[0\]: Invalid value: "192\.0\.2\.0\/24": must be a strict subset of `cidr`/,
    );
  });
});
