import { describe, expect, test } from "vitest";
import type { Container, PodSpec, ResourceRequirements } from "#api/schema/types";
import { podSize, type Size, sizeOf } from "#node-agent/container/resources";
import type { PodAction } from "#node-agent/pod/actions";
import { planPod } from "#node-agent/pod/plan";
import { podStatus } from "#node-agent/pod/status";
import type { PodView } from "#node-agent/pod/view";
import { testPod } from "#test/support/pods";
import { noonMs, testRecord, testView } from "#test/support/pod-views";

const both = (cpu: string, memory: string): ResourceRequirements => ({
  requests: { cpu, memory },
  limits: { cpu, memory },
});
const small: Size = { cpuRequestMillis: 100, cpuLimitMillis: 100, memoryLimitBytes: 1024 };
const large: Size = { cpuRequestMillis: 200, cpuLimitMillis: 200, memoryLimitBytes: 2048 };

function web(resources: ResourceRequirements, more: Partial<Container> = {}): Container {
  return { name: "web", image: "web:1", resources, ...more };
}

/** A pod that runs with `sandbox` and `container` as the kernel has them. */
function running(spec: Partial<PodSpec>, sandbox: Size, container: Size): PodView {
  return testView({
    stage: "running",
    pod: testPod(spec, { generation: 3 }),
    sandbox: { id: "sandbox-1", isReady: true, createdAtMs: 0, ip: "10.0.0.1", size: sandbox },
    containers: [testRecord({ size: container })],
  });
}

/** An action as a sentence: the sandbox grows to, the containers become, the sandbox shrinks to. */
function inWords(action: PodAction): string {
  if (action.type === "stopContainer")
    return `stop ${action.container} restart ${action.isRestart}`;
  if (action.type !== "resize") return action.type;
  const cpu = (size: Size | undefined) => size?.cpuLimitMillis ?? "-";
  const changed = action.containers.map(({ name, size }) => `${name} ${cpu(size)}`).join(",");
  return `grow ${cpu(action.grown)}; ${changed || "-"}; shrink ${cpu(action.shrunk)}`;
}

const restart = [{ resourceName: "cpu", restartPolicy: "RestartContainer" }];

const cases: [
  title: string,
  spec: Partial<PodSpec>,
  sandbox: Size,
  container: Size,
  actions: string[],
][] = [
  ["nothing to do", { containers: [web(both("100m", "1Ki"))] }, small, small, []],
  [
    "growing: the sandbox first",
    { containers: [web(both("200m", "2Ki"))] },
    small,
    small,
    ["grow 200; web 200; shrink -"],
  ],
  [
    "shrinking: the sandbox last",
    { containers: [web(both("100m", "1Ki"))] },
    large,
    large,
    ["grow -; web 100; shrink 100"],
  ],
  [
    "a restart waits until the sandbox has grown",
    { containers: [web(both("200m", "2Ki"), { resizePolicy: restart })] },
    small,
    small,
    ["grow 200; -; shrink -"],
  ],
  [
    "and then happens",
    { containers: [web(both("200m", "2Ki"), { resizePolicy: restart })] },
    large,
    small,
    ["stop web restart true"],
  ],
  [
    "a policy for what does not change asks for no restart",
    { containers: [web(both("100m", "2Ki"), { resizePolicy: restart })] },
    small,
    small,
    ["grow 100; web 100; shrink -"],
  ],
];

describe("planResize", () => {
  test.each(cases)("%s", (_, spec, sandbox, container, actions) => {
    expect(planPod(running(spec, sandbox, container)).actions.map(inWords)).toEqual(actions);
  });

  test("a view in which the plan was carried out needs nothing more", () => {
    const spec = { containers: [web(both("300m", "4Ki"))] };
    const pod = testPod(spec);
    expect(planPod(running(spec, podSize(pod), sizeOf(web(both("300m", "4Ki"))))).actions).toEqual(
      [],
    );
  });

  test("what failed is tried again in its time", () => {
    const view = running({ containers: [web(both("200m", "2Ki"))] }, small, small);
    const failure = {
      reason: "ResizeError",
      message: "no",
      failedAtMs: noonMs,
      retryAtMs: noonMs + 5_000,
      attempts: 1,
    };
    const plan = planPod({ ...view, resize: { pending: undefined, failure } });
    expect(plan).toMatchObject({ actions: [], wakeAtMs: noonMs + 5_000 });
  });

  test("a container that was stopped to be resized starts at once, whatever its exit code", () => {
    const spec = { restartPolicy: "OnFailure", containers: [web(both("200m", "2Ki"))] };
    const ended = testRecord({
      size: small,
      state: "exited",
      finishedAtMs: noonMs,
      backoffMs: 10_000,
    });
    const view = { ...running(spec, large, small), containers: [ended] };
    expect(planPod(view).actions).toEqual([]);
    const [action] = planPod({ ...view, restarting: new Set([ended.id]) }).actions;
    expect(action).toMatchObject({ type: "startContainer", restartCount: 1, backoffMs: 10_000 });
  });
});

describe("the status during a resize", () => {
  const types = (view: PodView) =>
    podStatus(view, "192.0.2.1")
      .conditions?.filter(({ type }) => type.startsWith("PodResize"))
      .map(({ type, reason, observedGeneration }) => [type, reason, observedGeneration]);

  test("tells what is set aside from what the kernel has", () => {
    const view = running({ containers: [web(both("200m", "2Ki"))] }, small, small);
    expect(podStatus(view, "192.0.2.1").containerStatuses?.[0]).toMatchObject({
      allocatedResources: { cpu: "200m", memory: "2Ki" },
      resources: {
        requests: { cpu: "100m", memory: "2Ki" },
        limits: { cpu: "100m", memory: "1Ki" },
      },
    });
    expect(types(view)).toEqual([["PodResizeInProgress", undefined, 3]]);
  });

  test("says why it waits, and nothing when there is nothing to say", () => {
    const view = running({ containers: [web(both("100m", "1Ki"))] }, small, small);
    expect(types(view)).toEqual([]);
    const pending = { reason: "Deferred", message: "later" } as const;
    expect(types({ ...view, resize: { pending, failure: undefined } })).toEqual([
      ["PodResizePending", "Deferred", 3],
    ]);
  });
});
