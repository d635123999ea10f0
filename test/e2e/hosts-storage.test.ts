// lane: first (waits for a lost host)
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Pod } from "#api/schema/types";
import { eventually, findProgram } from "#test/support/host";
import { type HostsLab, type LabHost, openHosts, whyNoHosts } from "#test/support/hosts";
import { BUSYBOX, type HostsCluster, startHostsCluster } from "#test/support/hosts-cluster";

const missing = ["kubectl", "busybox", "gcc"].filter((name) => !findProgram(name));
const reason = whyNoHosts() ?? (missing.length > 0 ? `needs ${missing.join(", ")}` : undefined);
if (reason) console.warn(`hosts-storage: skipped: ${reason}`);

/** The pods of a deleted node are collected after 40 s. */
const WAIT_MS = 90_000;

/** Volumes that are directories of one host each: their pods come back to them, and a lost host keeps its data. */
describe.skipIf(reason)("volumes on several hosts", () => {
  let lab: HostsLab;
  let cluster: HostsCluster;
  let hosts: LabHost[];

  const become = async (sentence: string, args: string[], pattern: RegExp): Promise<void> => {
    await eventually(
      sentence,
      async () => {
        const { stdout, stderr } = await cluster.kubectl(...args);
        return pattern.test(stdout + stderr);
      },
      WAIT_MS,
    );
  };
  const hostNamed = (name: string): LabHost => {
    const host = hosts.find((one) => one.name === name);
    if (!host) throw new Error(`there is no host ${name}`);
    return host;
  };
  const volumesOn = (host: LabHost): string[] => {
    const folder = join(host.locations.lib, "volumes");
    return existsSync(folder) ? readdirSync(folder) : [];
  };
  const volumeOf = (claim: string): Promise<string> =>
    cluster.mustKubectl("get", "pvc", claim, "-o", "jsonpath={.spec.volumeName}");
  const ready = (count: number): Promise<void> =>
    become(`${count} pods are ready`, ["get", "sts", "db"], new RegExp(`db\\s+${count}/2`));
  const logOf = async (ordinal: number): Promise<string> => {
    const pod = await cluster.untilPodReady(`db-${ordinal}`);
    const host = hostNamed(pod.spec.nodeName ?? "");
    const path = join(host.locations.lib, "volumes", await volumeOf(`data-db-${ordinal}`), "log");
    return readFileSync(path, "utf8");
  };

  beforeAll(async () => {
    lab = await openHosts();
    hosts = [await lab.startHost("one"), await lab.startHost("two")];
    cluster = await startHostsCluster(lab, hostNamed("one"), "--node-monitor-grace-period", "15s");
    for (const host of hosts) await cluster.startAgent(host);
    await cluster.untilReady(...hosts);
    await cluster.importBusybox(...hosts);
    await cluster.apply(database());
    await ready(2);
  }, 180_000);
  afterAll(() => lab?.close());

  test("are made where their pods are, and nowhere else", async () => {
    const counts = hosts.map((host) => volumesOn(host).length);
    expect(counts).toEqual([1, 1]);
    for (const ordinal of [0, 1]) expect(await logOf(ordinal)).toBe(`db-${ordinal}\n`);
  });

  test("draw their pods back to them, also when another host is free", async () => {
    const { spec } = await cluster.untilPodReady("db-1");
    const home = spec.nodeName ?? "";
    await cluster.mustKubectl("cordon", home);
    await cluster.mustKubectl("delete", "pod", "db-1");
    await become(
      "the pod says what keeps it",
      ["describe", "pod", "db-1"],
      /0\/2 nodes are available: .*1 node\(s\) had volume node affinity conflict/,
    );
    await cluster.mustKubectl("uncordon", home);
    expect((await cluster.untilPodReady("db-1")).spec.nodeName).toBe(home);
    expect(await logOf(1)).toBe("db-1\ndb-1\n");
  });

  test("that are deleted while their host is off are removed when it is on again", async () => {
    const pods = await Promise.all([0, 1].map((ordinal) => cluster.untilPodReady(`db-${ordinal}`)));
    const lost = hostNamed("two");
    const ordinal = pods.findIndex((pod: Pod) => pod.spec.nodeName === lost.name);
    const volume = await volumeOf(`data-db-${ordinal}`);
    await lost.kill9();
    await cluster.mustKubectl("scale", "sts/db", "--replicas=0");
    await cluster.mustKubectl("delete", "pod", `db-${ordinal}`, "--force", "--grace-period=0");
    await cluster.mustKubectl("delete", "pvc", "--all", "--wait=false");
    await become("the claims are gone", ["get", "pvc", "-o", "name"], /^$/);
    await become(
      "the other volume is gone",
      ["get", "pv", "-o", "name"],
      new RegExp(`^\\S*${volume}\\n$`),
    );
    expect(volumesOn(hostNamed("one"))).toEqual([]);
    expect(volumesOn(lost)).toEqual([volume]);
    await lost.boot();
    await cluster.startAgent(lost);
    await become("the volume is gone", ["get", "pv", "-o", "name"], /^$/);
    expect(volumesOn(lost)).toEqual([]);
  });

  test("of a host that has left for good are given up, and their data stays there", async () => {
    await cluster.untilReady(...hosts);
    await cluster.mustKubectl("scale", "sts/db", "--replicas=2");
    await ready(2);
    const leaving = hostNamed("two");
    const [volume = ""] = volumesOn(leaving);
    await leaving.kill9();
    await cluster.mustKubectl("delete", "node", "two");
    await cluster.mustKubectl("scale", "sts/db", "--replicas=0");
    await become("the pods are gone", ["get", "pods", "-o", "name"], /^$/);
    await cluster.mustKubectl("delete", "pvc", "--all", "--wait=false");
    await become("all volumes are gone", ["get", "pv", "-o", "name"], /^$/);
    await become(
      "an event says what was left",
      ["get", "events", "-A", "--field-selector", `involvedObject.name=${volume}`],
      /VolumeFailedDelete.*node two is not part of the cluster any more/,
    );
    expect(volumesOn(leaving)).toEqual([volume]);
  });
});

/** Two pods that are never on one host. */
function database(): object {
  const labels = { app: "db" };
  const term = { labelSelector: { matchLabels: labels }, topologyKey: "kubernetes.io/hostname" };
  const line = "trap 'exit 0' TERM; hostname >> /data/log; while true; do sleep 0.2; done";
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: "db" },
    spec: {
      serviceName: "db",
      replicas: 2,
      podManagementPolicy: "Parallel",
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 1,
          affinity: {
            podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] },
          },
          containers: [
            {
              name: "main",
              image: BUSYBOX,
              imagePullPolicy: "IfNotPresent",
              command: ["sh", "-c", line],
              volumeMounts: [{ name: "data", mountPath: "/data" }],
            },
          ],
        },
      },
      volumeClaimTemplates: [
        {
          metadata: { name: "data" },
          spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
        },
      ],
    },
  };
}
