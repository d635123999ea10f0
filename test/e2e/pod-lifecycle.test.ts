import { describe, expect, test } from "vitest";
import type { Pod } from "#api/schema/types";
import { eventually, requireHost } from "#test/support/host";
import { PARITY_NEEDS, parityCluster, shellPod } from "#test/support/parity";

/** In which order a pod's containers come and go: sidecars, hooks, grace periods, a lost sandbox. */
const at = parityCluster();
const STAY = "trap 'exit 0' TERM; while true; do sleep 0.1; done";
const SHARED = { volumes: [{ name: "w", hostPath: { path: "/tmp" } }] };
const [plain] = shellPod("", STAY).spec.containers;

/** A container that writes when it starts and when it is told to stop. */
function witness(name: string, more: object = {}, line = "while true; do sleep 0.1; done") {
  const say = (what: string) => `echo "${name} ${what}" >> /w/$POD`;
  return {
    ...plain,
    name,
    command: ["sh", "-c", `trap '${say("ends")}; exit 0' TERM; ${say("starts")}; ${line}`],
    env: [{ name: "POD", valueFrom: { fieldRef: { fieldPath: "metadata.uid" } } }],
    volumeMounts: [{ name: "w", mountPath: "/w" }],
    ...more,
  };
}

const always = { restartPolicy: "Always" };

const initOf = (now: Pod, name: string) =>
  now.status?.initContainerStatuses?.find((each) => each.name === name);

async function writtenBy(uid: string): Promise<string[]> {
  const { existsSync, readFileSync } = await import("node:fs");
  const path = `/tmp/${uid}`;
  return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n") : [];
}

/** A container is started, and may be later to write so. */
async function untilWritten(uid: string, count: number): Promise<string[]> {
  return eventually(`${count} lines are written`, async () => {
    const lines = await writtenBy(uid);
    return lines.length >= count && lines;
  });
}

async function forget(uid: string): Promise<void> {
  const { rmSync } = await import("node:fs");
  rmSync(`/tmp/${uid}`, { force: true });
}

describe("sidecars", () => {
  test("start in order, each when the one before has passed its startup probe, and end in reverse after the rest", async (context) => {
    requireHost(context, PARITY_NEEDS);
    const slow = {
      ...always,
      startupProbe: { exec: { command: ["test", "-e", "/tmp/up"] }, periodSeconds: 1 },
    };
    await at.apply(
      shellPod(
        "ordered",
        "",
        {},
        {
          ...SHARED,
          terminationGracePeriodSeconds: 20,
          initContainers: [
            witness("one", slow, "sleep 1; touch /tmp/up; while true; do sleep 0.1; done"),
            witness("once", {}, "exit 0"),
            witness("two", slow, "touch /tmp/up; while true; do sleep 0.1; done"),
          ],
          containers: [witness("main")],
        },
      ),
    );
    await at.kubectl("wait", "--for=condition=Ready", "pod/ordered", "--timeout=60s");
    const { metadata } = await at.pod("ordered");
    const uid = metadata.uid ?? "";
    expect(await untilWritten(uid, 4)).toEqual([
      "one starts",
      "once starts",
      "two starts",
      "main starts",
    ]);
    await at.kubectl("delete", "pod", "ordered", "--timeout=60s");
    expect((await writtenBy(uid)).slice(4)).toEqual(["main ends", "two ends", "one ends"]);
    await forget(uid);
  });

  test("are restarted when they end, count in READY, and do not keep a Job from completing", async (context) => {
    requireHost(context, PARITY_NEEDS);
    const proxy = { ...plain, name: "proxy", ...always };
    await at.apply(
      shellPod(
        "restarted",
        STAY,
        {},
        {
          initContainers: [{ ...proxy, command: ["sh", "-c", "sleep 1; exit 0"] }],
        },
      ),
      {
        apiVersion: "batch/v1",
        kind: "Job",
        metadata: { name: "with-proxy" },
        spec: {
          template: {
            spec: {
              restartPolicy: "OnFailure",
              terminationGracePeriodSeconds: 2,
              initContainers: [proxy],
              containers: [{ ...plain, name: "work", command: ["sh", "-c", "sleep 1"] }],
            },
          },
        },
      },
    );
    await at.kubectl("wait", "--for=condition=Complete", "job/with-proxy", "--timeout=60s");
    const again = await at.podWith(
      "restarted",
      "its sidecar was restarted",
      (now) => (initOf(now, "proxy")?.restartCount ?? 0) > 0,
    );
    expect(again.status?.containerStatuses?.[0]?.restartCount).toBe(0);
    expect(await at.kubectl("get", "pod", "restarted")).toMatch(/[12]\/2/);
    await at.kubectl("delete", "pod", "restarted", "--grace-period=0", "--force", "--timeout=60s");
  });
});

describe("the end of a pod", () => {
  test("preStop's sleep comes before SIGTERM and inside the grace period", async (context) => {
    requireHost(context, PARITY_NEEDS);
    await at.apply(
      shellPod(
        "sleeper",
        "",
        {},
        {
          ...SHARED,
          terminationGracePeriodSeconds: 40,
          containers: [witness("main", { lifecycle: { preStop: { sleep: { seconds: 6 } } } })],
        },
      ),
    );
    await at.kubectl("wait", "--for=condition=Ready", "pod/sleeper", "--timeout=60s");
    const uid = (await at.pod("sleeper")).metadata.uid ?? "";
    await untilWritten(uid, 1);
    await at.kubectl("delete", "pod", "sleeper", "--wait=false");
    expect(await writtenBy(uid)).toEqual(["main starts"]);
    await at.kubectl("wait", "--for=delete", "pod/sleeper", "--timeout=60s");
    expect(await writtenBy(uid)).toEqual(["main starts", "main ends"]);
    await forget(uid);
  });

  test("a container that ignores SIGTERM is killed when its grace is over", async (context) => {
    requireHost(context, PARITY_NEEDS);
    await at.apply(
      shellPod(
        "stubborn",
        "trap '' TERM; while true; do sleep 0.1; done",
        {},
        {
          terminationGracePeriodSeconds: 2,
        },
      ),
    );
    await at.kubectl("wait", "--for=condition=Ready", "pod/stubborn", "--timeout=60s");
    await at.kubectl("delete", "pod", "stubborn", "--timeout=60s");
  });

  test("a liveness probe's own grace period replaces the pod's", async (context) => {
    requireHost(context, PARITY_NEEDS);
    const livenessProbe = {
      exec: { command: ["false"] },
      periodSeconds: 1,
      failureThreshold: 1,
      terminationGracePeriodSeconds: 1,
    };
    await at.apply(
      shellPod(
        "impatient",
        "trap '' TERM; while true; do sleep 0.1; done",
        { livenessProbe },
        {
          terminationGracePeriodSeconds: 600,
        },
      ),
    );
    const killed = await at.podWith(
      "impatient",
      "restarted",
      (now) => (now.status?.containerStatuses?.[0]?.restartCount ?? 0) > 0,
    );
    expect(killed.status?.containerStatuses?.[0]?.lastState?.terminated?.exitCode).toBe(137);
    await at.kubectl("delete", "pod", "impatient", "--grace-period=0", "--force", "--timeout=60s");
  });
});

describe("a sandbox that is lost", () => {
  test("is made anew, and its init containers run again before the main one", async (context) => {
    requireHost(context, PARITY_NEEDS);
    await at.apply(
      shellPod(
        "lost",
        "",
        {},
        {
          ...SHARED,
          initContainers: [witness("init", {}, "exit 0"), witness("proxy", always)],
          containers: [witness("main")],
        },
      ),
    );
    await at.kubectl("wait", "--for=condition=Ready", "pod/lost", "--timeout=60s");
    const before = await at.pod("lost");
    const uid = before.metadata.uid ?? "";
    await untilWritten(uid, 3);
    process.kill(await supervisorOf(before), "SIGKILL");
    const after = await at.podWith(
      "lost",
      "running again",
      (now) =>
        now.status?.containerStatuses?.[0]?.restartCount === 1 &&
        now.status.conditions?.find(({ type }) => type === "Ready")?.status === "True",
    );
    expect(initOf(after, "proxy")?.restartCount).toBe(1);
    const written = await untilWritten(uid, 6);
    const rounds = [written.slice(0, 3), written.slice(3)];
    for (const [first, ...others] of rounds) {
      expect(first).toBe("init starts");
      expect(others.sort()).toEqual(["main starts", "proxy starts"]);
    }
    await at.kubectl("delete", "pod", "lost", "--timeout=60s");
    await forget(uid);
  });
});

/** The process that holds the pod's namespaces: the parent of what runs in its container. */
async function supervisorOf(of: Pod): Promise<number> {
  const { readdirSync, readFileSync } = await import("node:fs");
  const { join } = await import("node:path");
  const root = join(at.cluster.locations.run, "sandboxes");
  for (const name of readdirSync(root)) {
    const record = JSON.parse(readFileSync(join(root, name, "sandbox.json"), "utf8"));
    if (record.config.name === `default/${of.metadata.name}`) return record.pid;
  }
  throw new Error("the pod has no sandbox");
}
