import { existsSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ConfigMap, Event, Pod, PodStatus, Secret } from "#api/schema/types";
import { systemClock } from "#kit/clock";
import { silentLog } from "#kit/log";
import { systemRng } from "#kit/rng";
import { createEventRecorder } from "#node-agent/events/recorder";
import { createImagePuller } from "#node-agent/images/puller";
import type { NodeContext } from "#node-agent/node-context";
import { createNodeRecord } from "#node-agent/observability/node-record";
import { createNodeObjects } from "#node-agent/objects";
import { type PodWorker, startPodWorker } from "#node-agent/pod/worker";
import { createAllocations } from "#node-agent/resize/allocations";
import { createRuntimeIndex } from "#node-agent/runtime-index";
import { makeMemoryRoot, removeMemoryRoot } from "#node-agent/volumes/memory-root";
import { openRangeBook } from "#node-agent/users/range-book";
import {
  closeFixture,
  eventually,
  type Fixture,
  openFixture,
  whyNot,
} from "#test/e2e/runtime-fixture";
import { createMemoryNetwork } from "#test/support/memory-network";
import { testPod } from "#test/support/pods";

/** Pod workers over the real runtime and the real kernel, in the host's network. */
const reason = whyNot();
if (reason !== undefined) console.warn(`pods on the host are skipped: ${reason}`);

const objects = createNodeObjects();
const events: Event[] = [];
const statuses = new Map<string, PodStatus>();
const gone: string[] = [];
let fixture: Fixture;
let context: NodeContext;

beforeAll(async () => {
  if (reason !== undefined) return;
  fixture = await openFixture();
  const { root, runtime } = fixture;
  const send = (event: Event) => void events.push(event);
  const recorder = createEventRecorder({ clock: systemClock, nodeName: "node-1", send });
  const memory = `${root}/run/agent/pods`;
  await makeMemoryRoot(memory);
  context = {
    nodeName: "node-1",
    runtime,
    index: createRuntimeIndex(runtime),
    network: createMemoryNetwork(),
    objects,
    users: openRangeBook({
      owner: `${root}/run`,
      rng: systemRng,
      directory: `${root}/user-ranges`,
    }),
    images: createImagePuller({
      images: runtime.images,
      objects,
      events: recorder,
      clock: systemClock,
    }),
    events: recorder,
    clock: systemClock,
    log: silentLog,
    directories: { disk: `${root}/lib/agent/pods`, memory },
    logDirectory: `${root}/log/pods`,
    seccompDirectory: `${root}/seccomp`,
    hostIp: "127.0.0.1",
    allocations: createAllocations({ cpuMillis: 2000, memoryBytes: 4 * 2 ** 30 }),
    allocatable: { cpuMillis: 2000, memoryBytes: 4 * 2 ** 30 },
    hostResolver: { nameservers: ["192.0.2.53"], searches: [], options: [] },
    record: createNodeRecord(),
    podPidsLimit: 200,
  };
});

afterAll(async () => {
  if (reason !== undefined) return;
  await removeMemoryRoot(context.directories.memory);
  await closeFixture(fixture);
  expect(readFileSync("/proc/self/mountinfo", "utf8")).not.toContain(fixture.root);
});

beforeEach((test) => {
  if (reason !== undefined) test.skip(reason);
});

function start(pod: Pod): PodWorker {
  const worker = startPodWorker(context, pod, {
    status: ({ metadata }, status) => void statuses.set(metadata.uid ?? "", status),
    gone: ({ metadata }) => void gone.push(metadata.uid ?? ""),
  });
  const forget = context.runtime.onEvent(() => worker.wake());
  void worker.ended.finally(forget);
  return worker;
}

function busybox(script: string): Pod["spec"]["containers"][number] {
  return {
    name: "main",
    image: "busybox",
    imagePullPolicy: "Never",
    command: ["sh", "-c", script],
  };
}

async function end(worker: PodWorker, pod: Pod): Promise<void> {
  const deletionTimestamp = new Date(Date.now() + 1_000).toISOString();
  const metadata = { ...pod.metadata, deletionTimestamp, deletionGracePeriodSeconds: 1 };
  worker.update({ ...pod, metadata });
  await eventually("the pod is gone", () => gone.includes(worker.uid));
}

async function readInside(path: string, pod: Pod): Promise<string> {
  const [container] = (await context.runtime.listContainers()).filter(
    ({ config }) => config.labels["io.kubernetes.pod.uid"] === pod.metadata.uid,
  );
  const streams = { tty: false, stdin: false, stdout: true, stderr: true };
  const session = await context.runtime.exec(container?.id ?? "", {
    command: ["cat", path],
    ...streams,
  });
  let text = "";
  for await (const chunk of session.stdout ?? []) text += String(chunk);
  await session.exit;
  return text;
}

const site = (color: string): ConfigMap => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "site", namespace: "default" },
  data: { color, "nested.conf": "a=b" },
});
const login: Secret = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "login", namespace: "default" },
  data: { password: Buffer.from("secret").toString("base64") },
};

function desired(color: string): void {
  objects.setDesired({
    generation: 1,
    isFull: true,
    pods: new Map(),
    configMaps: new Map([["default/site", site(color)]]),
    secrets: new Map([["default/login", login]]),
    claims: new Map(),
    volumes: new Map(),
    tokens: new Map([["uid-volumes/all/token", { token: "t0ken", expirationTimestamp: "" }]]),
    changedPods: [],
    removedPods: [],
    changedObjects: [],
  });
}

describe("a pod on this host", () => {
  test("sees its volumes, environment and files, and a ConfigMap's change while it runs", async () => {
    desired("blue");
    const main = {
      ...busybox("sleep 1000"),
      env: [
        { name: "COLOR", valueFrom: { configMapKeyRef: { name: "site", key: "color" } } },
        { name: "ALL", value: "$(COLOR)-$(MISSING)" },
      ],
      volumeMounts: [
        { name: "config", mountPath: "/config" },
        { name: "config", mountPath: "/one.conf", subPath: "nested.conf" },
        { name: "secret", mountPath: "/secret", readOnly: true },
        { name: "scratch", mountPath: "/scratch" },
        { name: "scratch", mountPath: "/sub", subPath: "made/here" },
        { name: "memory", mountPath: "/memory" },
        { name: "all", mountPath: "/all" },
      ],
    };
    const pod = testPod(
      {
        hostNetwork: true,
        containers: [main],
        volumes: [
          { name: "config", configMap: { name: "site" } },
          { name: "secret", secret: { secretName: "login", defaultMode: 0o400 } },
          { name: "scratch", emptyDir: {} },
          { name: "memory", emptyDir: { medium: "Memory", sizeLimit: "1Mi" } },
          {
            name: "all",
            projected: {
              sources: [
                { serviceAccountToken: { path: "token" } },
                {
                  downwardAPI: {
                    items: [{ path: "name", fieldRef: { fieldPath: "metadata.name" } }],
                  },
                },
              ],
            },
          },
        ],
      },
      { uid: "uid-volumes", name: "volumes" },
    );
    const worker = start(pod);
    await eventually("the pod is ready", () => isReady("uid-volumes"));
    expect(await readInside("/config/color", pod)).toBe("blue");
    expect(await readInside("/one.conf", pod)).toBe("a=b");
    expect(await readInside("/secret/password", pod)).toBe("secret");
    expect(await readInside("/all/token", pod)).toBe("t0ken");
    expect(await readInside("/all/name", pod)).toBe("volumes");
    expect(await readInside("/etc/hosts", pod)).toContain("Kubernetes-managed hosts file");
    const environment = await readInside("/proc/1/environ", pod);
    expect(environment).toContain("COLOR=blue\0");
    expect(environment).toContain("ALL=blue-$(MISSING)\0");
    const mounts = await readInside("/proc/mounts", pod);
    expect(mounts).toMatch(/tmpfs \/memory tmpfs .*size=1024k/);
    expect(mounts).toMatch(/ \/sub /);
    desired("green");
    worker.objectsChanged();
    await eventually(
      "the change is seen",
      async () => (await readInside("/config/color", pod)) === "green",
    );
    await end(worker, pod);
    expect(existsSync(`${context.directories.disk}/uid-volumes`)).toBe(false);
    expect(existsSync(`${context.directories.memory}/uid-volumes`)).toBe(false);
    expect(readFileSync("/proc/self/mountinfo", "utf8")).not.toContain("uid-volumes");
  });

  test("says what its container wrote to the termination log", async () => {
    const main = busybox("echo -n 'all is lost' > /dev/termination-log; exit 4");
    const pod = testPod(
      { hostNetwork: true, restartPolicy: "Never", containers: [main] },
      { uid: "uid-message", name: "message" },
    );
    const worker = start(pod);
    await eventually("it has failed", () => statuses.get("uid-message")?.phase === "Failed");
    const state = statuses.get("uid-message")?.containerStatuses?.[0]?.state?.terminated;
    expect(state).toMatchObject({ exitCode: 4, reason: "Error", message: "all is lost" });
    await end(worker, pod);
  });

  test("is taken over by the next agent without a restart", async () => {
    const pod = testPod(
      { hostNetwork: true, containers: [busybox("sleep 1000")] },
      { uid: "uid-takeover", name: "takeover" },
    );
    const first = start(pod);
    await eventually("the pod is ready", () => isReady("uid-takeover"));
    const before = statuses.get("uid-takeover")?.containerStatuses?.[0]?.containerID;
    await first.detach();
    statuses.delete("uid-takeover");
    const second = start(pod);
    await eventually("the pod is ready", () => isReady("uid-takeover"));
    const status = statuses.get("uid-takeover")?.containerStatuses?.[0];
    expect(status?.containerID).toBe(before);
    expect(status?.restartCount).toBe(0);
    await end(second, pod);
  });
});

function isReady(uid: string): boolean {
  return (statuses.get(uid)?.conditions ?? []).some(
    ({ type, status }) => type === "Ready" && status === "True",
  );
}
