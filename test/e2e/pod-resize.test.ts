import { describe, expect, test } from "vitest";
import type { ContainerStatus, Pod, ResourceRequirements } from "#api/schema/types";
import { eventually, requireHost } from "#test/support/host";
import { PARITY_NEEDS, parityCluster, shellPod } from "#test/support/parity";

/** In-place resize of cpu and memory, through the real kubectl and the real kernel. */
const at = parityCluster();
const STAY = "trap 'exit 0' TERM; while true; do sleep 0.1; done";
const WAIT_MS = 40_000;

const only = (now: Pod): ContainerStatus | undefined => now.status?.containerStatuses?.[0];
const conditionOf = (now: Pod, type: string) =>
  now.status?.conditions?.find((each) => each.type === type);

function patchOf(resources: ResourceRequirements, name = "c"): string {
  return JSON.stringify({ spec: { containers: [{ name, resources }] } });
}

const resize = (name: string, resources: ResourceRequirements) =>
  at.kubectl("patch", "pod", name, "--subresource", "resize", "-p", patchOf(resources));
const refusedResize = (name: string, resources: ResourceRequirements) =>
  at.refused("patch", "pod", name, "--subresource", "resize", "-p", patchOf(resources));

/** What the kernel enforces, read inside the container: the quota in thousandths of a core and the bytes. */
async function limits(name: string): Promise<{ cpu: number; memory: number }> {
  const both = (one: string, other: string) => `cat ${one} 2>/dev/null || cat ${other}`;
  const root = "/sys/fs/cgroup";
  const text = await at.kubectl(
    ...["exec", name, "--", "sh", "-c"],
    `${both(`${root}/cpu/cpu.cfs_quota_us`, `${root}/cpu.max`)}; ${both(
      `${root}/memory/memory.limit_in_bytes`,
      `${root}/memory.max`,
    )}`,
  );
  const [cpu = "", memory = ""] = text.trim().split("\n");
  return { cpu: Number.parseInt(cpu, 10) / 100, memory: Number(memory) };
}

const sized = (cpu: string, memory: string): ResourceRequirements => ({
  requests: { cpu, memory },
  limits: { cpu, memory },
});

async function start(name: string, container: object, line = STAY, spec = {}): Promise<void> {
  await at.apply(shellPod(name, line, container, spec));
  await at.podWith(name, "running", (now) => now.status?.phase === "Running");
}

describe("a resize", () => {
  test("changes the limits of a running container, up and down, without a restart", async (context) => {
    requireHost(context, PARITY_NEEDS);
    await start("grow", { resources: sized("100m", "32Mi") });
    expect(await limits("grow")).toEqual({ cpu: 100, memory: 32 << 20 });
    const before = await at.pod("grow");
    await resize("grow", sized("250m", "64Mi"));
    const grown = await at.podWith(
      "grow",
      "has grown",
      (now) => only(now)?.resources?.limits?.["memory"] === "64Mi",
    );
    expect(await limits("grow")).toEqual({ cpu: 250, memory: 64 << 20 });
    expect(only(grown)).toMatchObject({
      restartCount: 0,
      containerID: only(before)?.containerID,
      resources: sized("250m", "64Mi"),
      allocatedResources: { cpu: "250m", memory: "64Mi" },
    });
    expect(grown.metadata.generation).toBe(2);
    expect(grown.status?.observedGeneration).toBe(2);
    await resize("grow", sized("150m", "48Mi"));
    await at.podWith(
      "grow",
      "has shrunk",
      (now) =>
        only(now)?.resources?.limits?.["memory"] === "48Mi" &&
        !conditionOf(now, "PodResizeInProgress"),
    );
    expect(await limits("grow")).toEqual({ cpu: 150, memory: 48 << 20 });
    await eventually(
      "events",
      async () => (await at.kubectl("events", "--for", "pod/grow")).includes("ResizeCompleted"),
      WAIT_MS,
    );
  });

  test("restarts a container that asks for it, also one that then exits with 0", async (context) => {
    requireHost(context, PARITY_NEEDS);
    await start(
      "again",
      {
        resources: sized("100m", "32Mi"),
        resizePolicy: [{ resourceName: "memory", restartPolicy: "RestartContainer" }],
      },
      STAY,
      { restartPolicy: "OnFailure", terminationGracePeriodSeconds: 5 },
    );
    await resize("again", sized("120m", "32Mi"));
    await at.podWith(
      "again",
      "cpu in place",
      (now) => only(now)?.resources?.limits?.["cpu"] === "120m",
    );
    expect(only(await at.pod("again"))?.restartCount).toBe(0);
    await resize("again", sized("120m", "40Mi"));
    const restarted = await at.podWith(
      "again",
      "restarted",
      (now) => only(now)?.restartCount === 1 && only(now)?.state?.running !== undefined,
    );
    expect(only(restarted)?.resources?.limits).toEqual({ cpu: "120m", memory: "40Mi" });
    expect(await limits("again")).toEqual({ cpu: 120, memory: 40 << 20 });
    expect(await at.kubectl("events", "--for", "pod/again")).toContain(
      "Container c resize requires restart",
    );
  });

  test("that the node can never give is infeasible, one that must wait is deferred and then given", async (context) => {
    requireHost(context, PARITY_NEEDS);
    const node = JSON.parse(await at.kubectl("get", "node", "node-1", "-o", "json"));
    const cores = Number(node.status.allocatable.cpu);
    const share = (cpu: string) => ({ requests: { cpu } });
    await start("small", { resources: share("100m") });
    await resize("small", share(String(cores + 1)));
    const infeasible = await at.podWith(
      "small",
      "infeasible",
      (now) => conditionOf(now, "PodResizePending")?.reason === "Infeasible",
    );
    expect(conditionOf(infeasible, "PodResizePending")).toMatchObject({
      status: "True",
      observedGeneration: 2,
      message: `Node didn't have enough capacity: cpu, requested: ${(cores + 1) * 1000}, capacity: ${cores * 1000}`,
    });
    expect(only(infeasible)?.allocatedResources).toEqual({ cpu: "100m" });
    await start("large", { resources: share(`${cores * 1000 - 700}m`) });
    await resize("small", share("600m"));
    const deferred = await at.podWith(
      "small",
      "deferred",
      (now) => conditionOf(now, "PodResizePending")?.reason === "Deferred",
    );
    expect(conditionOf(deferred, "PodResizePending")?.message).toMatch(
      /^Node didn't have enough resource: cpu, requested: 600, used: \d+, capacity: \d+$/,
    );
    await at.kubectl("delete", "pod", "large", "--timeout=60s");
    const given = await at.podWith(
      "small",
      "given",
      (now) =>
        only(now)?.allocatedResources?.["cpu"] === "600m" &&
        !conditionOf(now, "PodResizePending") &&
        !conditionOf(now, "PodResizeInProgress"),
    );
    expect(only(given)?.resources).toEqual(share("600m"));
  });

  test("of memory below what is used is refused by the node and can be taken back", async (context) => {
    requireHost(context, PARITY_NEEDS);
    const fill = `head -c 40000000 /dev/zero > /memory/x; touch /memory/done; ${STAY}`;
    await start(
      "full",
      {
        resources: sized("100m", "64Mi"),
        volumeMounts: [{ name: "memory", mountPath: "/memory" }],
      },
      fill,
      { volumes: [{ name: "memory", emptyDir: { medium: "Memory" } }] },
    );
    await eventually(
      "it is full",
      async () => (await at.cluster.kubectl("exec", "full", "--", "ls", "/memory/done")).code === 0,
      WAIT_MS,
    );
    await resize("full", sized("100m", "16Mi"));
    const failed = await at.podWith(
      "full",
      "in error",
      (now) => conditionOf(now, "PodResizeInProgress")?.reason === "Error",
    );
    expect(conditionOf(failed, "PodResizeInProgress")?.message).toMatch(
      /^attempting to set container "c" memory limit \(16777216\) below current usage \(\d+\)$/,
    );
    expect(only(failed)).toMatchObject({
      restartCount: 0,
      resources: { limits: { memory: "64Mi" } },
      allocatedResources: { memory: "16Mi" },
    });
    await resize("full", sized("100m", "64Mi"));
    await at.podWith("full", "at rest", (now) => !conditionOf(now, "PodResizeInProgress"));
    expect(await limits("full")).toEqual({ cpu: 100, memory: 64 << 20 });
  });

  test("survives a restart of the agent: what was infeasible is not taken for granted", async (context) => {
    requireHost(context, PARITY_NEEDS);
    await resize("small", { requests: { cpu: "999" } });
    await at.podWith("small", "pending", (now) => Boolean(conditionOf(now, "PodResizePending")));
    process.kill(at.cluster.pidOf("agent"), "SIGKILL");
    await resize("small", { requests: { cpu: "998" } });
    const after = await at.podWith("small", "seen by the new agent", (now) =>
      /requested: 998000/.test(conditionOf(now, "PodResizePending")?.message ?? ""),
    );
    expect(only(after)?.allocatedResources).toEqual({ cpu: "600m" });
    expect(only(after)?.restartCount).toBe(0);
  });

  test("is refused with a reason where the API can tell", async (context) => {
    requireHost(context, PARITY_NEEDS);
    expect(await refusedResize("grow", { requests: { cpu: "100m" } })).toContain(
      "Pod QOS Class may not change as a result of resizing",
    );
    const patch = JSON.stringify([
      { op: "remove", path: "/spec/containers/0/resources/requests/cpu" },
    ]);
    expect(
      await at.refused("patch", "pod", "small", "--subresource=resize", "--type=json", "-p", patch),
    ).toContain(
      "spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed",
    );
    expect(await at.refused("patch", "pod", "grow", "-p", patchOf(sized("1", "1Gi")))).toContain(
      "pod updates may not change fields other than",
    );
    const more = { requests: { "ephemeral-storage": "1Gi" } };
    expect(await refusedResize("small", more)).toContain(
      "only cpu and memory resources are mutable",
    );
  });

  test("counts against quotas and limit ranges", async (context) => {
    requireHost(context, PARITY_NEEDS);
    await at.apply(
      {
        apiVersion: "v1",
        kind: "ResourceQuota",
        metadata: { name: "bound" },
        spec: { hard: { "requests.cpu": "2" } },
      },
      {
        apiVersion: "v1",
        kind: "LimitRange",
        metadata: { name: "range" },
        spec: { limits: [{ type: "Container", max: { memory: "100Mi" } }] },
      },
    );
    await eventually(
      "the quota is counted",
      async () => (await at.kubectl("get", "quota", "bound", "-o", "json")).includes('"used"'),
      WAIT_MS,
    );
    expect(await refusedResize("grow", sized("3", "48Mi"))).toContain("exceeded quota: bound");
    expect(await refusedResize("grow", sized("150m", "200Mi"))).toContain(
      "maximum memory usage per Container is 100Mi, but limit is 200Mi",
    );
  });
});
