import { describe, expect, test } from "vitest";
import type { Pod } from "#api/schema/types";
import { eventually, requireHost } from "#test/support/host";
import { BUSYBOX, PARITY_NEEDS, parityCluster, shellPod } from "#test/support/parity";

/** What Kubernetes promises of pods, seen through the real kubectl on one real node. All pods start at once. */
const at = parityCluster();
const STAY = "trap 'exit 0' TERM; while true; do sleep 0.1; done";
const WAIT_MS = 40_000;

async function describesAs(name: string, ...texts: string[]): Promise<void> {
  await eventually(
    `${name} is described with ${texts.join(" and ")}`,
    async () => {
      const text = await at.kubectl("describe", "pod", name);
      return texts.every((each) => text.includes(each));
    },
    WAIT_MS,
  );
}

function run(name: string, line: string): Promise<string> {
  return at.kubectl("exec", name, "--", "sh", "-c", line);
}

const config = (data: Record<string, string>) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "config" },
  data,
});
const alive = { exec: { command: ["cat", "/tmp/ok"] }, periodSeconds: 1 };

describe("pods on a real node", () => {
  test("all of them are accepted and started together", async (context) => {
    requireHost(context, PARITY_NEEDS);
    const init = (name: string, line: string) => ({
      ...shellPod("", line).spec.containers[0],
      name,
      volumeMounts: [{ name: "w", mountPath: "/w" }],
    });
    await at.apply(
      config({ k: "v1" }),
      {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "ready" },
        spec: { selector: { app: "ready" }, ports: [{ port: 80 }] },
      },
      shellPod("ready", `touch /tmp/ok; ${STAY}`, {
        readinessProbe: { ...alive, failureThreshold: 1 },
      }),
      shellPod("live", `touch /tmp/ok; sleep 1; rm /tmp/ok; ${STAY}`, {
        livenessProbe: { ...alive, failureThreshold: 1 },
      }),
      shellPod("crash", "echo boom; exit 3"),
      shellPod("late", "exec sleep 1000", {}, { activeDeadlineSeconds: 2 }),
      shellPod(
        "words",
        "echo goodbye > /dev/termination-log; exit 7",
        {},
        { restartPolicy: "Never" },
      ),
      shellPod(
        "inits",
        `cat /w/log; ${STAY}`,
        { volumeMounts: [{ name: "w", mountPath: "/w" }] },
        {
          initContainers: [init("one", "echo one >> /w/log"), init("two", "echo two >> /w/log")],
          volumes: [{ name: "w", emptyDir: {} }],
        },
      ),
      shellPod(
        "broken",
        "true",
        {},
        {
          restartPolicy: "Never",
          initContainers: [init("one", "exit 4")].map(({ volumeMounts: _, ...each }) => each),
        },
      ),
      shellPod(
        "volumes",
        STAY,
        {
          securityContext: {
            readOnlyRootFilesystem: true,
            allowPrivilegeEscalation: false,
            capabilities: { drop: ["ALL"] },
          },
          env: [
            { name: "IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
            { name: "TWICE", value: "$(IP)-$(IP)" },
          ],
          volumeMounts: [
            { name: "memory", mountPath: "/memory" },
            { name: "config", mountPath: "/config" },
            { name: "config", mountPath: "/single", subPath: "k" },
          ],
        },
        {
          securityContext: { runAsUser: 1000, runAsGroup: 1000, fsGroup: 2000 },
          volumes: [
            { name: "memory", emptyDir: { medium: "Memory", sizeLimit: "1Mi" } },
            { name: "config", configMap: { name: "config" } },
          ],
        },
      ),
    );
  });

  test("a failing readiness probe takes the pod out of its Service, and a good one puts it back", async (context) => {
    requireHost(context, PARITY_NEEDS);
    const isReady = async (): Promise<unknown> => {
      const slices = JSON.parse(
        await at.kubectl(
          "get",
          "endpointslices",
          "-l",
          "kubernetes.io/service-name=ready",
          "-o",
          "json",
        ),
      );
      return slices.items[0]?.endpoints?.[0]?.conditions?.ready;
    };
    await eventually("it is an endpoint", async () => (await isReady()) === true, WAIT_MS);
    await run("ready", "rm /tmp/ok");
    await eventually("it is none", async () => (await isReady()) === false, WAIT_MS);
    await describesAs("ready", "Readiness probe failed: cat: can't open '/tmp/ok'");
    await run("ready", "touch /tmp/ok");
    await eventually("it is one again", async () => (await isReady()) === true, WAIT_MS);
  });

  test("a failing liveness probe restarts the container and says so", async (context) => {
    requireHost(context, PARITY_NEEDS);
    await at.podWith(
      "live",
      "restarted",
      (now) => (now.status?.containerStatuses?.[0]?.restartCount ?? 0) > 0,
    );
    await describesAs("live", "Container c failed liveness probe, will be restarted", "Unhealthy");
  });

  test("a container that crashes is started again at once, then with growing delays", async (context) => {
    requireHost(context, PARITY_NEEDS);
    const waiting = (now: Pod) => now.status?.containerStatuses?.[0]?.state?.waiting;
    const twice = await at.podWith(
      "crash",
      "in its second delay",
      (now) =>
        waiting(now)?.message?.startsWith("back-off 20s restarting failed container=c") === true,
    );
    expect(waiting(twice)?.reason).toBe("CrashLoopBackOff");
    await describesAs("crash", "Back-off restarting failed container c in pod crash_default");
    expect(await at.kubectl("logs", "crash", "--previous")).toBe("boom\n");
  });

  test("a pod past its deadline has failed and says why", async (context) => {
    requireHost(context, PARITY_NEEDS);
    await at.podWith("late", "failed", (now) => now.status?.phase === "Failed");
    await describesAs(
      "late",
      "Reason:           DeadlineExceeded",
      "Pod was active on the node longer than the specified deadline",
    );
    const events = await at.kubectl("events", "--for", "pod/late");
    expect(events).toContain("DeadlineExceeded");
  });

  test("the termination message is what the container wrote last", async (context) => {
    requireHost(context, PARITY_NEEDS);
    const ended = await at.podWith("words", "failed", (now) => now.status?.phase === "Failed");
    expect(ended.status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({
      exitCode: 7,
      message: "goodbye\n",
    });
  });

  test("init containers run one after the other; one that fails for good leaves the rest waiting", async (context) => {
    requireHost(context, PARITY_NEEDS);
    await at.podWith("inits", "running", (now) => now.status?.phase === "Running");
    await eventually("the log", async () => (await at.kubectl("logs", "inits")) === "one\ntwo\n");
    const failed = await at.podWith("broken", "failed", (now) => now.status?.phase === "Failed");
    expect(failed.status?.containerStatuses?.[0]?.state?.waiting?.reason).toBe("PodInitializing");
    expect(await at.kubectl("get", "pod", "broken")).toContain("Init:Error");
  });

  test("volumes, identity and the environment are as asked, and a ConfigMap's change arrives", async (context) => {
    requireHost(context, PARITY_NEEDS);
    await at.podWith("volumes", "running", (now) => now.status?.phase === "Running");
    expect(await run("volumes", "id -u; id -g; id -G")).toBe("1000\n1000\n1000 2000\n");
    expect(
      await run(
        "volumes",
        "grep -c '^Cap.*:.*[1-9a-f]' /proc/self/status; grep NoNewPrivs /proc/self/status; true",
      ),
    ).toBe("0\nNoNewPrivs:\t1\n");
    expect(
      await run(
        "volumes",
        "touch /x 2>&1; touch /memory/x; stat -c %g /memory/x; df -k /memory | tail -1 | awk '{print $2}'",
      ),
    ).toContain("Read-only file system\n2000\n1024\n");
    const ip = (await at.pod("volumes")).status?.podIP ?? "none";
    expect(await run("volumes", "echo $IP $TWICE")).toBe(`${ip} ${ip}-${ip}\n`);
    await at.apply(config({ k: "v2" }));
    await eventually("the change", async () => (await run("volumes", "cat /config/k")) === "v2");
    expect(await run("volumes", "cat /single")).toBe("v1");
  });

  test("a deleted pod is gone as soon as its process has ended", async (context) => {
    requireHost(context, PARITY_NEEDS);
    await at.kubectl("delete", "pod", "ready", "inits", "volumes", "--timeout=60s");
    await at.kubectl("delete", "pod", "crash", "--grace-period=0", "--force", "--timeout=60s");
    expect(await at.refused("get", "pod", "ready")).toContain('pods "ready" not found');
  });

  test("what cannot start says why: no image, no node, a port taken, a taint", async (context) => {
    requireHost(context, PARITY_NEEDS);
    const port = { ports: [{ containerPort: 80, hostPort: 39_080 }] };
    const other = { nodeSelector: { "kubernetes.io/arch": "s390x" } };
    await at.apply(
      shellPod("port-1", STAY, port),
      shellPod("elsewhere", STAY, {}, other),
      shellPod("unknown", STAY, { image: "no-such-registry.invalid/x:1" }),
    );
    await at.podWith("port-1", "running", (now) => now.status?.phase === "Running");
    await at.apply(shellPod("port-2", STAY, port));
    await describesAs("port-2", "1 node(s) didn't have free ports for the requested pod ports");
    await describesAs("elsewhere", "1 node(s) didn't match Pod's node affinity/selector");
    await describesAs("unknown", "cannot reach the registry no-such-registry.invalid");
    await at.kubectl("taint", "node", "node-1", "away=now:NoExecute");
    await eventually(
      "the taint evicts",
      async () => !(await at.kubectl("get", "pods")).includes("port-1"),
      WAIT_MS,
    );
    await at.apply(shellPod("tainted", STAY));
    await describesAs("tainted", "1 node(s) had untolerated taint {away: now}");
    await at.kubectl("taint", "node", "node-1", "away-");
    await at.podWith("tainted", "running", (now) => now.status?.phase === "Running");
    expect((await at.pod("tainted")).spec.containers[0]?.image).toBe(BUSYBOX);
  });
});
