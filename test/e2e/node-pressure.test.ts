import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bytes } from "#api/machinery/quantity";
import type { Node, Pod } from "#api/schema/types";
import { eventually, findProgram, requireHost } from "#test/support/host";
import { PARITY_NEEDS, type ParityCluster, parityCluster, shellPod } from "#test/support/parity";

/** A node that runs short: of disk on a small file system of its own, of memory by a threshold that is never met. */
const WAIT_MS = 60_000;
const STAY = "trap 'exit 0' TERM; while true; do sleep 0.1; done";
const isPossible =
  process.getuid?.() === 0 && PARITY_NEEDS.programs.every((name) => findProgram(name));

async function podOf(at: ParityCluster, name: string): Promise<Pod> {
  return JSON.parse(await at.kubectl("get", "pod", name, "-o", "json"));
}

async function nodeOf(at: ParityCluster): Promise<Node> {
  return JSON.parse(await at.kubectl("get", "node", "node-1", "-o", "json"));
}

async function untilFailed(at: ParityCluster, name: string): Promise<NonNullable<Pod["status"]>> {
  const pod = await eventually(
    `${name} has failed`,
    async () => {
      const now = await podOf(at, name);
      return now.status?.phase === "Failed" && now;
    },
    WAIT_MS,
  );
  return pod.status ?? {};
}

async function untilRunning(at: ParityCluster, name: string): Promise<void> {
  await at.kubectl("wait", `pod/${name}`, "--for=condition=Ready", "--timeout=60s");
}

function conditionOf(node: Node, type: string) {
  return node.status?.conditions?.find((one) => one.type === type);
}

describe("a node with a small disk", () => {
  const disk = mkdtempSync(join(tmpdir(), "kaji-small-disk-"));
  // Registered first, so that it is there before the cluster and goes after it.
  beforeAll(() => {
    if (isPossible) execFileSync("sh", ["-c", `mount -t tmpfs -o size=400m tmpfs "$0"`, disk]);
  });
  afterAll(() => {
    execFileSync("sh", ["-c", `umount "$0" 2>/dev/null; rmdir "$0"`, disk]);
  });
  const at = parityCluster({
    rootDir: join(disk, "root"),
    podCidr: "10.151.0.0/16",
    serviceCidr: "10.152.0.0/16",
    flags: [
      ...["--eviction-hard", "memory.available<1Mi,nodefs.available<25%"],
      ...["--eviction-pressure-transition-period", "5s", "--max-pods", "20"],
      ...["--extended-resource", "example.com/gpu=2", "--node-labels", "disk=small"],
      ...["--system-reserved", "cpu=250m,memory=256Mi"],
    ],
  });

  test("offers what it has, less what is reserved", async (context) => {
    requireHost(context, PARITY_NEEDS);
    const { metadata, status } = await nodeOf(at);
    expect(metadata.labels).toMatchObject({ disk: "small", "kubernetes.io/hostname": "node-1" });
    expect(status).toMatchObject({
      capacity: { pods: "20", "example.com/gpu": "2", "ephemeral-storage": "400Mi" },
      allocatable: { "example.com/gpu": "2", "ephemeral-storage": "314572800" },
    });
    const reserved = bytes(status?.capacity?.["memory"]) - bytes(status?.allocatable?.["memory"]);
    expect(reserved).toBe((256 + 1) << 20);
  });

  test("keeps an extended resource that somebody wrote into its capacity", async (context) => {
    requireHost(context, PARITY_NEEDS);
    const patch = JSON.stringify({ status: { capacity: { "example.com/dongle": "4" } } });
    await at.kubectl(
      "patch",
      "node",
      "node-1",
      "--subresource=status",
      "--type=merge",
      "-p",
      patch,
    );
    await eventually(
      "the dongles are for asking",
      async () => (await nodeOf(at)).status?.allocatable?.["example.com/dongle"] === "4",
      WAIT_MS,
    );
  });

  test("ends pods that exceed their own limits of local storage, and says which", async (context) => {
    requireHost(context, PARITY_NEEDS);
    const write = (path: string) =>
      `dd if=/dev/zero of=${path} bs=1M count=12 2>/dev/null; ${STAY}`;
    const volumeMounts = [{ name: "scratch", mountPath: "/scratch" }];
    const scratch = (emptyDir: object) => ({ volumes: [{ name: "scratch", emptyDir }] });
    const resources = { limits: { "ephemeral-storage": "5Mi" } };
    await at.apply(
      shellPod("by-volume", write("/scratch/f"), { volumeMounts }, scratch({ sizeLimit: "5Mi" })),
      shellPod("by-layer", write("/f"), { resources }),
      shellPod(
        "in-memory",
        write("/scratch/f"),
        { volumeMounts },
        scratch({ medium: "Memory", sizeLimit: "5Mi" }),
      ),
      shellPod("modest", STAY, { resources }),
    );
    expect(await untilFailed(at, "by-volume")).toMatchObject({
      reason: "Evicted",
      message: 'Usage of EmptyDir volume "scratch" exceeds the limit "5Mi". ',
    });
    const { message, conditions } = await untilFailed(at, "by-layer");
    expect(message).toBe(
      "Pod ephemeral local storage usage exceeds the total limit of containers 5Mi. ",
    );
    expect(conditions?.find(({ type }) => type === "DisruptionTarget")).toMatchObject({
      status: "True",
      reason: "TerminationByKubelet",
      message,
    });
    await untilRunning(at, "modest");
    // The volume is a tmpfs of 5 MiB: dd was told that it is full, and nobody had to be evicted.
    expect(await at.kubectl("exec", "in-memory", "--", "sh", "-c", "wc -c < /scratch/f")).toBe(
      `${5 << 20}\n`,
    );
    expect(await at.kubectl("get", "events")).toMatch(/Warning\s+Evicted\s+pod\/by-volume/);
  });

  test("that is full is tainted, refuses pods, ends the one that fills it, and recovers", async (context) => {
    requireHost(context, PARITY_NEEDS);
    const fill = `dd if=/dev/zero of=/f bs=1M count=330 2>/dev/null; ${STAY}`;
    await at.apply(shellPod("filler", fill), shellPod("bystander", STAY));
    const { reason, message } = await untilFailed(at, "filler");
    expect(reason).toBe("Evicted");
    expect(message).toMatch(
      /^The node was low on resource: ephemeral-storage\. Threshold quantity: 100Mi, available: \d+Ki\. Container c was using \d+[KM]i, request is 0, has larger consumption of ephemeral-storage\. $/,
    );
    await eventually(
      "the node is calm again",
      async () => {
        const node = await nodeOf(at);
        const isCalm = conditionOf(node, "DiskPressure")?.reason === "KubeletHasNoDiskPressure";
        return isCalm && (node.spec.taints ?? []).length === 0;
      },
      WAIT_MS,
    );
    expect((await podOf(at, "bystander")).status?.phase).toBe("Running");
    const events = await at.kubectl(
      "get",
      "events",
      "--field-selector",
      "involvedObject.kind=Node",
    );
    expect(events).toContain("Attempting to reclaim ephemeral-storage");
    expect(events).toContain("Node node-1 status is now: NodeHasDiskPressure");
  });
});

describe("a node that is always short of memory", () => {
  const at = parityCluster({
    podCidr: "10.153.0.0/16",
    serviceCidr: "10.154.0.0/16",
    flags: ["--eviction-hard", "memory.available<900Gi"],
  });
  const onNode = { nodeName: "node-1" };

  test("says so, and is tainted", async (context) => {
    requireHost(context, PARITY_NEEDS);
    const node = await eventually(
      "memory is scarce",
      async () => {
        const now = await nodeOf(at);
        return conditionOf(now, "MemoryPressure")?.status === "True" && now.spec.taints && now;
      },
      WAIT_MS,
    );
    expect(conditionOf(node, "MemoryPressure")).toMatchObject({
      reason: "KubeletHasInsufficientMemory",
      message: "kubelet has insufficient memory available",
    });
    expect(node.spec.taints).toMatchObject([
      { key: "node.kubernetes.io/memory-pressure", effect: "NoSchedule" },
    ]);
  });

  test("refuses pods that asked for none, and ends those that did, but no critical ones", async (context) => {
    requireHost(context, PARITY_NEEDS);
    const requests = (memory: string) => ({ resources: { requests: { memory } } });
    const critical = { ...onNode, priorityClassName: "system-node-critical" };
    await at.apply(
      shellPod("best-effort", STAY, {}, onNode),
      shellPod("burstable", STAY, requests("1Mi"), onNode),
      shellPod("critical", STAY, {}, critical),
    );
    expect(await untilFailed(at, "best-effort")).toMatchObject({
      reason: "Evicted",
      message: "Pod was rejected: The node had condition: [MemoryPressure]. ",
    });
    const { reason, message } = await untilFailed(at, "burstable");
    expect(reason).toBe("Evicted");
    expect(message).toMatch(
      /^The node was low on resource: memory\. Threshold quantity: 900Gi, available: \d+Ki\. /,
    );
    await untilRunning(at, "critical");
  });
});
