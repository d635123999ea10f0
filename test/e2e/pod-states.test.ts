import { describe, expect, test } from "vitest";
import type { Pod } from "#api/schema/types";
import { eventually, requireHost } from "#test/support/host";
import { BUSYBOX, PARITY_NEEDS, parityCluster, shellPod } from "#test/support/parity";

/** The STATUS column and `kubectl wait` for the states a pod goes through. All pods are made at once. */
const at = parityCluster();
const STAY = "trap 'exit 0' TERM; while true; do sleep 0.1; done";
const WAIT_MS = 60_000;
const LONG_GRACE = { terminationGracePeriodSeconds: 60 };

const [plain] = shellPod("", STAY).spec.containers;
const init = (line: string, more: object = {}) => ({
  ...plain,
  name: "init",
  command: ["sh", "-c", line],
  ...more,
});
const sidecar = { ...init(STAY), name: "proxy", restartPolicy: "Always" };
const never = { restartPolicy: "Never" };
const missing = "no-such-registry.invalid/x:1";

/** name, what becomes of it: READY and STATUS as the table shows them, and the pod. */
const states: [name: string, ready: string, status: RegExp, pod: object][] = [
  ["plain", "1/1", /^Running$/, shellPod("plain", STAY)],
  [
    "with-proxy",
    "2/2",
    /^Running$/,
    shellPod("with-proxy", STAY, {}, { initContainers: [sidecar] }),
  ],
  [
    "in-init",
    "0/1",
    /^Init:0\/2$/,
    shellPod(
      "in-init",
      STAY,
      {},
      { initContainers: [init(STAY), init("true", { name: "later" })] },
    ),
  ],
  [
    "second-init",
    "0/1",
    /^Init:1\/2$/,
    shellPod(
      "second-init",
      STAY,
      {},
      { initContainers: [init("true"), init(STAY, { name: "later" })] },
    ),
  ],
  [
    "init-failed",
    "0/1",
    /^Init:Error$/,
    shellPod("init-failed", STAY, {}, { ...never, initContainers: [init("exit 3")] }),
  ],
  [
    "init-crash",
    "0/1",
    /^Init:CrashLoopBackOff$/,
    shellPod("init-crash", STAY, {}, { initContainers: [init("exit 3")] }),
  ],
  [
    "init-image",
    "0/1",
    /^Init:(ErrImagePull|ImagePullBackOff)$/,
    shellPod("init-image", STAY, {}, { initContainers: [init("true", { image: missing })] }),
  ],
  [
    "image",
    "0/1",
    /^(ErrImagePull|ImagePullBackOff)$/,
    shellPod("image", STAY, { image: missing }),
  ],
  [
    "never-pulled",
    "0/1",
    /^ErrImageNeverPull$/,
    shellPod("never-pulled", STAY, { image: missing, imagePullPolicy: "Never" }),
  ],
  ["bad-name", "0/1", /^InvalidImageName$/, shellPod("bad-name", STAY, { image: "Not A Name" })],
  ["crash", "0/1", /^CrashLoopBackOff$/, shellPod("crash", "exit 1")],
  ["done", "0/1", /^Completed$/, shellPod("done", "true", {}, never)],
  ["failed", "0/1", /^Error$/, shellPod("failed", "exit 9", {}, never)],
  [
    "half",
    "1/2",
    /^NotReady$/,
    shellPod(
      "half",
      STAY,
      {},
      { ...never, containers: [plain, { ...init("true"), name: "short" }] },
    ),
  ],
  [
    "no-command",
    "0/1",
    /^(RunContainerError|StartError|CrashLoopBackOff)$/,
    shellPod("no-command", "", { command: ["/no/such"] }),
  ],
  [
    "config",
    "0/1",
    /^CreateContainerConfigError$/,
    shellPod("config", STAY, { envFrom: [{ configMapRef: { name: "absent" } }] }),
  ],
  [
    "mount",
    "0/1",
    /^ContainerCreating$/,
    shellPod("mount", STAY, {}, { volumes: [{ name: "v", configMap: { name: "absent" } }] }),
  ],
  [
    "gated",
    "0/1",
    /^SchedulingGated$/,
    shellPod("gated", STAY, {}, { schedulingGates: [{ name: "example.com/quota" }] }),
  ],
  [
    "nowhere",
    "0/1",
    /^Pending$/,
    shellPod("nowhere", STAY, {}, { nodeSelector: { disk: "none" } }),
  ],
  [
    "unready",
    "1/1",
    /^Running$/,
    shellPod("unready", STAY, {}, { readinessGates: [{ conditionType: "example.com/traffic" }] }),
  ],
];

async function rowOf(name: string): Promise<string[]> {
  const text = await at.kubectl("get", "pod", name, "--no-headers");
  return text.trim().split(/\s{2,}/);
}

async function pod(name: string): Promise<Pod> {
  return JSON.parse(await at.kubectl("get", "pod", name, "-o", "json"));
}

const conditionOf = (now: Pod, type: string) =>
  now.status?.conditions?.find((each) => each.type === type);

describe("kubectl get pod shows", () => {
  test("all of them are made", async (context) => {
    requireHost(context, PARITY_NEEDS);
    await at.apply(...states.map(([, , , each]) => each));
  });

  for (const [name, ready, status] of states) {
    test(`${name}: ${ready} ${status.source.replaceAll(/[\^$\\]/g, "")}`, async (context) => {
      requireHost(context, PARITY_NEEDS);
      let row: string[] = [];
      await eventually(
        `${name} is ${status.source}`,
        async () => {
          row = await rowOf(name);
          return row[1] === ready && status.test(row[2] ?? "");
        },
        WAIT_MS,
      ).catch((error: unknown) => {
        throw new Error(`the row is ${row.join(" | ")}`, { cause: error });
      });
    });
  }

  test("Terminating for as long as a pod ends, and then nothing", async (context) => {
    requireHost(context, PARITY_NEEDS);
    await at.apply(
      shellPod("slow", "trap '' TERM; while true; do sleep 0.1; done", {}, LONG_GRACE),
    );
    await at.kubectl("wait", "--for=condition=Ready", "pod/slow", "--timeout=60s");
    await at.kubectl("delete", "pod", "slow", "--wait=false");
    expect((await rowOf("slow")).slice(1, 3)).toEqual(["1/1", "Terminating"]);
    await at.kubectl("delete", "pod", "slow", "--grace-period=0", "--force", "--timeout=60s");
    await at.kubectl("wait", "--for=delete", "pod/slow", "--timeout=60s");
  });
});

describe("a scheduling gate", () => {
  test("holds the pod back and says so; it may be told more narrowly where to go, and only loses gates", async (context) => {
    requireHost(context, PARITY_NEEDS);
    expect(conditionOf(await pod("gated"), "PodScheduled")).toMatchObject({
      status: "False",
      reason: "SchedulingGated",
      message: "Scheduling is blocked due to non-empty scheduling gates",
    });
    const patch = (spec: object) => ["patch", "pod", "gated", "-p", JSON.stringify({ spec })];
    await at.kubectl(...patch({ nodeSelector: { "kubernetes.io/os": "linux" } }));
    const other = { nodeSelector: { "kubernetes.io/os": "plan9" } };
    expect(await at.refused(...patch(other))).toContain("only additions are allowed");
    const more = { schedulingGates: [{ name: "example.com/other" }] };
    expect(await at.refused(...patch(more))).toContain(
      "only deletion is allowed, but found new scheduling gate 'example.com/other'",
    );
    const remove = JSON.stringify([{ op: "remove", path: "/spec/schedulingGates" }]);
    await at.kubectl("patch", "pod", "gated", "--type=json", "-p", remove);
    await at.kubectl("wait", "--for=condition=Ready", "pod/gated", "--timeout=60s");
    expect(await at.refused(...patch(other))).toContain("pod updates may not change fields");
  });
});

describe("a readiness gate", () => {
  test("keeps a pod whose containers are ready from being Ready until its condition is true", async (context) => {
    requireHost(context, PARITY_NEEDS);
    await at.kubectl("wait", "--for=condition=ContainersReady", "pod/unready", "--timeout=60s");
    expect(conditionOf(await pod("unready"), "Ready")).toMatchObject({
      status: "False",
      reason: "ReadinessGatesNotReady",
      message:
        'corresponding condition of pod readiness gate "example.com/traffic" does not exist.',
    });
    const set = (status: string) =>
      at.kubectl(
        ...["patch", "pod", "unready", "--subresource=status", "-p"],
        JSON.stringify({ status: { conditions: [{ type: "example.com/traffic", status }] } }),
      );
    await set("False");
    await eventually(
      "the message names the status",
      async () =>
        conditionOf(await pod("unready"), "Ready")?.message ===
        'the status of pod readiness gate "example.com/traffic" is not "True", but False',
      WAIT_MS,
    );
    expect(await at.kubectl("get", "pod", "unready", "-o", "wide")).toMatch(/0\/1\s*$/);
    await set("True");
    await at.kubectl("wait", "--for=condition=Ready", "pod/unready", "--timeout=60s");
    expect(await at.kubectl("get", "pod", "unready", "-o", "wide")).toMatch(/1\/1\s*$/);
  });
});

describe("kubectl wait", () => {
  test("sees conditions, phases by JSON path, and deletions", async (context) => {
    requireHost(context, PARITY_NEEDS);
    await at.kubectl(
      "wait",
      "--for=jsonpath={.status.phase}=Succeeded",
      "pod/done",
      "--timeout=60s",
    );
    await at.kubectl("wait", "--for=condition=Ready=false", "pod/failed", "--timeout=60s");
    expect(
      await at.refused("wait", "--for=condition=Ready", "pod/nowhere", "--timeout=200ms"),
    ).toContain("timed out waiting for the condition on pods/nowhere");
    expect(BUSYBOX).toBe((await pod("plain")).spec.containers[0]?.image);
  });
});
