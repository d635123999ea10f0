// lane: first (four hosts)
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Event, Pod } from "#api/schema/types";
import { busyboxTar, runProgram } from "#test/support/cluster";
import { eventually, findProgram } from "#test/support/host";
import { readHostState } from "#test/support/host-state";
import {
  type HostsLab,
  type LabHost,
  type LabProcess,
  openHosts,
  whyNoHosts,
} from "#test/support/hosts";
import { BUSYBOX, type HostsCluster, startHostsCluster } from "#test/support/hosts-cluster";

/** The server and node "one" are on one host, node "two" on the other; images are only ever imported on "one". */
const missing = ["kubectl", "busybox", "gcc", "tc"].filter((name) => !findProgram(name));
const reason = whyNoHosts() ?? (missing.length > 0 ? `needs ${missing.join(", ")}` : undefined);
if (reason) console.warn(`hosts-images: skipped: ${reason}`);

const LARGE = "kaji.dev/large:1";
const LARGE_BYTES = 48 << 20;
const RUNNING_TIMEOUT_MS = 90_000;

describe.skipIf(reason)("images across hosts", () => {
  let lab: HostsLab;
  let cluster: HostsCluster;
  let one: LabHost;
  let two: LabHost;
  const agents = new Map<LabHost, LabProcess>();

  beforeAll(async () => {
    lab = await openHosts();
    one = await lab.startHost("one");
    two = await lab.startHost("two");
    cluster = await startHostsCluster(lab, one);
    for (const host of [one, two]) agents.set(host, await cluster.startAgent(host));
    await cluster.untilReady(one, two);
  }, 180_000);
  afterAll(async () => {
    await lab?.close();
    const left = JSON.stringify(readHostState());
    for (const host of [one, two]) expect(left).not.toContain(host.locations.instance);
    expect(left).not.toContain(lab.root);
  });

  const podsOf = async (app: string): Promise<Pod[]> => {
    const text = await cluster.mustKubectl("get", "pods", "-l", `app=${app}`, "-o", "json");
    return (JSON.parse(text) as { items: Pod[] }).items;
  };
  const untilRunning = (app: string, count: number): Promise<Pod[]> =>
    eventually(
      `${count} pods of ${app} run`,
      async () => {
        const pods = (await podsOf(app)).filter(({ metadata }) => !metadata.deletionTimestamp);
        return pods.length === count && pods.every(isReady) && pods;
      },
      RUNNING_TIMEOUT_MS,
    );
  const messagesOf = async (pod: Pod): Promise<string[]> => {
    const field = `involvedObject.uid=${pod.metadata.uid}`;
    const text = await cluster.mustKubectl(
      "get",
      "events",
      "--field-selector",
      field,
      "-o",
      "json",
    );
    return (JSON.parse(text) as { items: Event[] }).items.map(({ message }) => message ?? "");
  };

  test("an image that was imported on one host is there for the pods of all", async () => {
    await cluster.importBusybox(one);
    await cluster.apply(deployment("web", BUSYBOX, 2));
    const pods = await untilRunning("web", 2);
    expect(pods.map(({ spec }) => spec.nodeName).toSorted()).toEqual(["one", "two"]);
    const ids = pods.map(({ status }) => status?.containerStatuses?.[0]?.imageID);
    expect(new Set(ids).size).toBe(1);
    const fetched = pods.find(({ spec }) => spec.nodeName === "two") as Pod;
    const pulled = await eventually("the event is there", async () =>
      (await messagesOf(fetched)).find((text) => text.startsWith("Successfully pulled")),
    );
    expect(pulled).toMatch(/ in \d.* Image size: \d+ bytes\. It came from node one\.$/);
  });

  test("one that is imported anew under the same name is the one that runs after a restart", async () => {
    const tar = join(lab.root, "next.tar");
    await runProgram("cp", [await busyboxTar(lab.root), tar]);
    await runProgram("tar", ["-rf", tar, "-C", "/etc", "./hostname"]);
    const { code, stdout } = await one.kaji("import", tar, BUSYBOX);
    expect(code).toBe(0);
    await cluster.mustKubectl("rollout", "restart", "deployment/web");
    const isNewest = async (): Promise<boolean> => {
      const pods = (await podsOf("web")).filter(({ metadata }) => !metadata.deletionTimestamp);
      const ids = pods.map(({ status }) => status?.containerStatuses?.[0]?.imageID ?? "");
      return pods.length === 2 && ids.every((id) => id.includes(stdout.trim()));
    };
    await eventually("both run the newest", isNewest, RUNNING_TIMEOUT_MS);
  });

  test.each(["one", "two"])(
    "a transfer whose end on %s is killed in the middle leaves nothing, and the pod runs later",
    async (killed) => {
      const host = killed === "one" ? one : two;
      await importLarge(lab, one, `${LARGE}-${killed}`);
      await throttle("replace");
      await cluster.apply(deployment(`large-${killed}`, `${LARGE}-${killed}`, 1, "two"));
      await eventually("bytes arrive", () => arrivedBytes(two) > 1 << 20, RUNNING_TIMEOUT_MS);
      await agents.get(host)?.kill("SIGKILL");
      await throttle("del");
      if (host === one) await eventually("nothing is left", () => leftovers(two).length === 0);
      agents.set(host, await cluster.startAgent(host));
      await untilRunning(`large-${killed}`, 1);
      expect(leftovers(two)).toEqual([]);
    },
    240_000,
  );

  /** What goes to host two: 30 Mbit/s. */
  async function throttle(verb: "replace" | "del"): Promise<void> {
    const shape = ["tbf", "rate", "30mbit", "burst", "64kb", "latency", "400ms"];
    const rest = verb === "replace" ? shape : [];
    const { code, stderr } = await lab.onSwitch([
      ...["tc", "qdisc", verb, "dev", "port2", "root"],
      ...rest,
    ]);
    if (code !== 0) throw new Error(`the cable could not be made slow: ${stderr}`);
  }
});

function deployment(name: string, image: string, replicas: number, nodeName?: string) {
  const labels = { app: name };
  const spread = {
    requiredDuringSchedulingIgnoredDuringExecution: [
      { labelSelector: { matchLabels: labels }, topologyKey: "kubernetes.io/hostname" },
    ],
  };
  const strategy = { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } };
  const container = { name: "main", image, imagePullPolicy: "Always", command: ["sleep", "9999"] };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: {
      replicas,
      strategy,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 0,
          affinity: { podAntiAffinity: spread },
          ...(nodeName ? { nodeSelector: { "kubernetes.io/hostname": nodeName } } : {}),
          containers: [container],
        },
      },
    },
  };
}

function isReady({ status }: Pod): boolean {
  return (
    status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") ?? false
  );
}

/** Busybox and what cannot be compressed. */
async function importLarge(lab: HostsLab, host: LabHost, name: string): Promise<void> {
  const tar = join(lab.root, "large.tar");
  const noise = join(lab.root, "noise");
  await runProgram("cp", [await busyboxTar(lab.root), tar]);
  await runProgram("sh", ["-c", `head -c ${LARGE_BYTES} /dev/urandom >"$0"`, noise]);
  await runProgram("tar", ["-rf", tar, "-C", lab.root, "./noise"]);
  const { code, stderr } = await host.kaji("import", tar, name);
  if (code !== 0) throw new Error(`no image on ${host.name}: ${stderr}`);
}

function tmpOf({ locations }: LabHost): string {
  return join(locations.lib, "images/tmp");
}

function leftovers(host: LabHost): string[] {
  const tmp = tmpOf(host);
  return existsSync(tmp) ? readdirSync(tmp) : [];
}

/** Of transfers under way: their files lie in a directory each. */
function arrivedBytes(host: LabHost): number {
  const tmp = tmpOf(host);
  const files = leftovers(host).flatMap((name) => {
    const path = join(tmp, name);
    return statSync(path, { throwIfNoEntry: false })?.isDirectory()
      ? readdirSync(path).map((file) => join(path, file))
      : [];
  });
  const sizes = files.map((path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0);
  return sizes.reduce((sum, size) => sum + size, 0);
}
