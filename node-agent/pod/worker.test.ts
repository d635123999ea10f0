import { afterEach, describe, expect, test } from "vitest";
import type { Pod } from "#api/schema/types";
import { createPodBench, type PodBench } from "#test/support/pod-bench";
import { testPod } from "#test/support/pods";
import { createNotes, observe } from "#node-agent/pod/notes";
import type { ContainerConfig } from "#runtime/runtime";
import type { Program } from "#test/support/memory-process";

let bench: PodBench;
afterEach(() => bench.close());

async function open(program?: (config: ContainerConfig) => Program): Promise<PodBench> {
  bench = await createPodBench(program);
  return bench;
}

const phase = () => bench.status()?.phase;
const condition = (type: string) =>
  bench.status()?.conditions?.find((each) => each.type === type)?.status;
const starts = (name: string) =>
  bench.runtime.journal.filter((line) => line === `start ${name}`).length;

function deleted(pod: Pod, graceSeconds = 30): Pod {
  const atMs = bench.clock.now() + graceSeconds * 1000;
  const deletionTimestamp = new Date(atMs).toISOString();
  const metadata = { ...pod.metadata, deletionTimestamp, deletionGracePeriodSeconds: graceSeconds };
  return { ...pod, metadata, status: { ...pod.status, ...bench.status() } };
}

describe("a pod worker", () => {
  test("brings a pod to Running and Ready and says so", async () => {
    await open();
    bench.start(testPod());
    await bench.until("the pod is ready", () => condition("Ready") === "True");
    expect(phase()).toBe("Running");
    expect(bench.status()?.podIP).toMatch(/^127\.8\.0\./);
    expect(bench.status()?.hostIP).toBe("192.0.2.1");
    const web = bench.status()?.containerStatuses?.[0];
    expect(web).toMatchObject({ name: "web", ready: true, started: true, restartCount: 0 });
    expect(web?.containerID).toMatch(/^kaji:\/\/[0-9a-f]{64}$/);
    expect(bench.reasons()).toEqual(["Pulled", "Created", "Started"]);
  });

  test("runs init containers one after another before the main ones", async () => {
    await open((config) => (config.name.startsWith("init") ? { exitsWith: 0 } : {}));
    const init = (name: string) => ({ name, image: "web:1" });
    bench.start(testPod({ initContainers: [init("init-a"), init("init-b")] }));
    await bench.until("the pod is ready", () => condition("Ready") === "True");
    const order = bench.runtime.journal.filter((line) => /^(start|exit)/.test(line));
    expect(order).toEqual([
      "start init-a",
      "exit init-a 0",
      "start init-b",
      "exit init-b 0",
      "start web",
    ]);
    expect(bench.status()?.initContainerStatuses?.map(({ ready }) => ready)).toEqual([true, true]);
  });

  test("restarts a crashing container at once, then after 10 s, then after 20 s", async () => {
    await open(() => ({ exitsWith: 1 }));
    bench.start(testPod());
    await bench.until("the second start", () => starts("web") === 2);
    const secondMs = bench.clock.now();
    await bench.until("the back-off", () => waitingReason() === "CrashLoopBackOff");
    expect(bench.status()?.containerStatuses?.[0]?.state?.waiting?.message).toBe(
      "back-off 10s restarting failed container=web pod=web-1_default(uid-1)",
    );
    await bench.until("the third start", () => starts("web") === 3);
    expect(bench.clock.now() - secondMs).toBeGreaterThanOrEqual(9_900);
    const thirdMs = bench.clock.now();
    await bench.until("the fourth start", () => starts("web") === 4);
    expect(bench.clock.now() - thirdMs).toBeGreaterThanOrEqual(19_900);
    expect(bench.status()?.containerStatuses?.[0]?.restartCount).toBeGreaterThanOrEqual(2);
    expect(bench.reasons()).toContain("BackOff");
  });

  test("remembers nothing of containers that the runtime no longer lists", async () => {
    await open(() => ({ exitsWith: 1 }));
    bench.start(testPod());
    await bench.until("the back-off", () => waitingReason() === "CrashLoopBackOff");
    const listed = (await bench.runtime.listContainers()).map(({ id }) => id);
    const notes = createNotes(testPod(), bench.clock.now());
    for (const id of [...listed, "gone"]) {
      notes.terminationMessages.set(id, "bye");
      notes.announcedBackoffs.add(id);
    }
    await observe(bench.context, notes, new Map(), () => undefined);
    expect([...notes.terminationMessages.keys()]).toEqual(listed);
    expect([...notes.announcedBackoffs]).toEqual(listed);
  });

  test("ends a job's pod as Succeeded, gives back its network and keeps its record", async () => {
    await open(() => ({ exitsWith: 0 }));
    bench.start(testPod({ restartPolicy: "Never" }));
    await bench.until("the pod has succeeded", () => phase() === "Succeeded");
    await bench.until("its network is given back", () => bench.network.released.includes("uid-1"));
    expect(starts("web")).toBe(1);
    expect(bench.status()?.containerStatuses?.[0]?.state?.terminated?.reason).toBe("Completed");
    expect(condition("Ready")).toBe("False");
  });

  test("deletes a pod: stops, cleans up, reports its end and only then that it is gone", async () => {
    await open();
    const pod = testPod();
    const worker = bench.start(pod);
    await bench.until("the pod is ready", () => condition("Ready") === "True");
    worker.update(deleted(pod));
    await bench.until("the pod is gone", () => bench.gone.includes("uid-1"));
    expect(await bench.runtime.listContainers()).toEqual([]);
    expect(await bench.runtime.listSandboxes()).toEqual([]);
    expect(bench.network.released).toEqual(["uid-1"]);
    expect(bench.events.map(({ message }) => message)).toContain("Stopping container web");
    expect(bench.status()?.containerStatuses?.[0]?.state?.terminated?.exitCode).toBe(143);
  });

  test("waits with SIGTERM until no ingress serves the pod", async () => {
    await open();
    const pod = testPod();
    const worker = bench.start(pod);
    await bench.until("the pod is ready", () => condition("Ready") === "True");
    const serving = (status: string): Pod => {
      const next = deleted(pod);
      const own = bench.status()?.conditions ?? [];
      const conditions = [...own, { type: "ingress.kaji.dev/site", status }];
      return { ...next, status: { ...next.status, conditions } };
    };
    worker.update(serving("True"));
    await bench.clock.advance(5_000);
    expect(bench.runtime.journal).not.toContain("stop web");
    worker.update(serving("False"));
    await bench.until("the container is told to stop", () =>
      bench.runtime.journal.includes("stop web"),
    );
  });

  test("an agent that starts again takes the pod over without restarting it", async () => {
    await open();
    const pod = testPod();
    const first = bench.start(pod);
    await bench.until("the pod is ready", () => condition("Ready") === "True");
    await first.detach();
    const before = bench.runtime.journal.length;
    const second = bench.start({ ...pod, status: bench.status() ?? {} });
    await bench.clock.advance(30_000);
    expect(bench.runtime.journal.slice(before)).toEqual([]);
    expect(condition("Ready")).toBe("True");
    second.update(deleted(pod, 1));
    await bench.until("the pod is gone", () => bench.gone.includes("uid-1"));
  });

  test("a pod that is no longer wanted ends without grace and without a report", async () => {
    await open(() => ({ ignoresTerm: true }));
    const worker = bench.start(testPod());
    await bench.until("the pod is ready", () => condition("Ready") === "True");
    worker.remove();
    await bench.until("nothing is left", () => bench.network.released.includes("uid-1"));
    await worker.ended;
    expect(bench.gone).toEqual([]);
  });

  test("says which ConfigMap is missing, and starts when it comes", async () => {
    await open();
    const worker = bench.start(
      testPod({
        containers: [
          { name: "web", image: "web:1", envFrom: [{ configMapRef: { name: "site" } }] },
        ],
      }),
    );
    await bench.until("it says why", () => waitingReason() === "CreateContainerConfigError");
    expect(bench.status()?.containerStatuses?.[0]?.state?.waiting?.message).toBe(
      'configmap "site" not found',
    );
    const site = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "site", namespace: "default" },
      data: { COLOR: "blue" },
    };
    bench.objects.setDesired(desiredWith(new Map([["default/site", site]])));
    worker.objectsChanged();
    await bench.until("the pod is ready", () => condition("Ready") === "True");
    const [container] = await bench.runtime.listContainers();
    expect(container?.config.env).toContainEqual({ name: "COLOR", value: "blue" });
  });

  test("an image that is nowhere shows as ErrImagePull, then as ImagePullBackOff", async () => {
    await open();
    bench.start(testPod({ containers: [{ name: "web", image: "nowhere:9" }] }));
    await bench.until("the pull has failed", () => waitingReason() === "ErrImagePull");
    await bench.until("it backs off", () => waitingReason() === "ImagePullBackOff");
    bench.runtime.images.registry.add("nowhere:9");
    await bench.until("the pod is ready", () => condition("Ready") === "True");
    expect(bench.reasons()).toEqual(expect.arrayContaining(["Pulling", "Failed", "BackOff"]));
  });

  test("a container whose liveness probe fails is restarted", async () => {
    let isHealthy = true;
    await open(() => ({ exec: () => ({ exitCode: isHealthy ? 0 : 1, output: "sick" }) }));
    const livenessProbe = { exec: { command: ["check"] }, periodSeconds: 5, failureThreshold: 2 };
    bench.start(testPod({ containers: [{ name: "web", image: "web:1", livenessProbe }] }));
    await bench.until("the pod is ready", () => condition("Ready") === "True");
    isHealthy = false;
    await bench.until("the container is stopped", () => bench.runtime.journal.includes("stop web"));
    isHealthy = true;
    await bench.until("it runs again", () => starts("web") === 2);
    const messages = bench.events.map(({ message }) => message);
    expect(messages).toContain("Liveness probe failed: sick");
    expect(messages).toContain("Container web failed liveness probe, will be restarted");
  });

  test("a pod is ready only when its readiness probe says so, and not any more when it does not", async () => {
    let isReady = false;
    await open(() => ({ exec: () => ({ exitCode: isReady ? 0 : 1 }) }));
    const readinessProbe = { exec: { command: ["check"] }, periodSeconds: 1, failureThreshold: 1 };
    bench.start(testPod({ containers: [{ name: "web", image: "web:1", readinessProbe }] }));
    await bench.until("the pod runs", () => phase() === "Running");
    expect(condition("Ready")).toBe("False");
    isReady = true;
    await bench.until("the pod is ready", () => condition("Ready") === "True");
    isReady = false;
    await bench.until("the pod is unready", () => condition("Ready") === "False");
  });

  test("a lost sandbox is made anew with its containers", async () => {
    await open();
    bench.start(testPod());
    await bench.until("the pod is ready", () => condition("Ready") === "True");
    const [sandbox] = await bench.runtime.listSandboxes();
    bench.runtime.loseSandbox(sandbox?.id ?? "");
    await bench.until(
      "it is ready again",
      () => starts("web") === 2 && condition("Ready") === "True",
    );
    expect(bench.status()?.containerStatuses?.[0]?.restartCount).toBe(1);
    expect(await bench.runtime.listSandboxes()).toHaveLength(1);
  });

  test("a sidecar starts before the main container and stops after it", async () => {
    await open();
    const sidecar = { name: "proxy", image: "web:1", restartPolicy: "Always" };
    const pod = testPod({ initContainers: [sidecar] });
    const worker = bench.start(pod);
    await bench.until("the pod is ready", () => condition("Ready") === "True");
    worker.update(deleted(pod));
    await bench.until("the pod is gone", () => bench.gone.includes("uid-1"));
    const order = bench.runtime.journal.filter((line) => /^(start|stop) /.test(line));
    expect(order).toEqual(["start proxy", "start web", "stop web", "stop proxy"]);
  });

  test("a pod past its deadline is stopped and has failed", async () => {
    await open();
    bench.start(testPod({ activeDeadlineSeconds: 20 }));
    await bench.until("the pod has failed", () => phase() === "Failed");
    expect(bench.status()?.reason).toBe("DeadlineExceeded");
    expect(starts("web")).toBe(1);
  });
});

function waitingReason(): string | undefined {
  return bench.status()?.containerStatuses?.[0]?.state?.waiting?.reason;
}

function desiredWith(configMaps: Parameters<PodBench["objects"]["setDesired"]>[0]["configMaps"]) {
  return {
    generation: 1,
    isFull: true,
    pods: new Map(),
    configMaps,
    secrets: new Map(),
    claims: new Map(),
    volumes: new Map(),
    tokens: new Map(),
    changedPods: [],
    removedPods: [],
    changedObjects: [],
  };
}
