import { describe, expect, test } from "vitest";
import { deploymentKind } from "#api/kinds/deployment";
import type { Kind } from "#api/machinery/define-kind";
import type { Deployment, Pod, ResourceRequirements } from "#api/schema/types";
import type { Action } from "#control-plane/controllers/controller";
import { LEAST_SAMPLES, planVertical } from "#control-plane/controllers/vertical-advice/plan";
import type { VerticalMemory } from "#control-plane/controllers/vertical-advice/state";
import { toTime } from "#kit/clock";
import { deployment, pod, T0 } from "#test/support/workloads";

const kind = deploymentKind as unknown as Kind;

function wished(annotations: Record<string, string> = {}): Deployment {
  const made = deployment("web", { replicas: 1 });
  const notes = { "kaji.dev/vertical-scaling": "in-place", ...annotations };
  return { ...made, metadata: { ...made.metadata, annotations: notes } };
}

function running(resources: ResourceRequirements, conditions: object[] = []): Pod {
  const made = pod("web-1", { spec: { containers: [{ name: "main", image: "v1", resources }] } });
  return { ...made, status: { ...made.status, phase: "Running", conditions } as Pod["status"] };
}

/** What the last of so many looks does, each with a figure of its own. */
function afterLooks(
  count: number,
  workload: Deployment,
  one: Pod,
  usage: Record<string, string> = { cpu: "400m", memory: "200Mi" },
): readonly Action[] {
  let memory: VerticalMemory | undefined;
  let actions: readonly Action[] = [];
  for (let at = 0; at < count; at++) {
    const nowMs = T0 + at * 30_000;
    const containers = [{ name: "main", usage }];
    const figures = [{ pod: "web-1", timestamp: toTime(nowMs), containers }];
    actions = planVertical(kind, { workload, pods: [one], figures }, nowMs, memory);
    for (const action of actions) {
      if (action.type === "remember") memory = action.memory as VerticalMemory;
    }
  }
  return actions;
}

const resizesIn = (actions: readonly Action[]) =>
  actions.flatMap((one) =>
    one.type === "patch" && one.subresource === "resize" ? [one.body] : [],
  );
const resizeTo = (resources: object) => [{ spec: { containers: [{ name: "main", resources }] } }];
const small = {
  requests: { cpu: "100m", memory: "64Mi" },
  limits: { cpu: "200m", memory: "64Mi" },
};

describe("pods of a workload that wishes it", () => {
  test("are resized once enough was seen, and limits keep their proportion", () => {
    expect(resizesIn(afterLooks(LEAST_SAMPLES - 1, wished(), running(small)))).toEqual([]);
    const [first] = resizesIn(afterLooks(LEAST_SAMPLES, wished(), running(small))) as {
      spec: { containers: { resources: ResourceRequirements }[] };
    }[];
    const { requests = {}, limits = {} } = first?.spec.containers[0]?.resources ?? {};
    // What was seen, a bucket's width and 15 %.
    expect(Number.parseInt(requests.cpu ?? "", 10)).toBeGreaterThanOrEqual(460);
    expect(Number.parseInt(requests.cpu ?? "", 10)).toBeLessThanOrEqual(483);
    expect(Number.parseInt(limits.cpu ?? "", 10)).toBe(2 * Number.parseInt(requests.cpu ?? "", 10));
    expect(limits.memory).toBe(requests.memory);
  });

  test("stay within the bounds", () => {
    const bounds = { "kaji.dev/vertical-most": "cpu=150m,memory=96Mi" };
    expect(resizesIn(afterLooks(LEAST_SAMPLES, wished(bounds), running(small)))).toEqual(
      resizeTo({
        requests: { cpu: "150m", memory: "96Mi" },
        limits: { cpu: "300m", memory: "96Mi" },
      }),
    );
    const idle = { cpu: "1m", memory: "1Mi" };
    const least = { "kaji.dev/vertical-least": "cpu=30m,memory=64Mi" };
    expect(resizesIn(afterLooks(LEAST_SAMPLES, wished(least), running(small), idle))).toEqual(
      resizeTo({ requests: { cpu: "30m" }, limits: { cpu: "60m" } }),
    );
  });

  test("are left alone when they request nothing, or nearly what they use", () => {
    expect(resizesIn(afterLooks(LEAST_SAMPLES, wished(), running({})))).toEqual([]);
    const near = { requests: { cpu: "500m", memory: "300Mi" } };
    expect(resizesIn(afterLooks(LEAST_SAMPLES, wished(), running(near)))).toEqual([]);
  });

  test("may have a container of any name, such as constructor", () => {
    const resources = { requests: { cpu: "100m" } };
    const containers = [{ name: "constructor", image: "v1", resources }];
    const made = running({});
    const one = { ...made, spec: { ...made.spec, containers } } as Pod;
    const usage = { cpu: "400m", memory: "200Mi" };
    const figure = {
      pod: "web-1",
      timestamp: toTime(T0),
      containers: [{ name: "constructor", usage }],
    };
    const input = { workload: wished(), pods: [one], figures: [figure] };
    const [remember] = planVertical(kind, input, T0, undefined);
    const memory = remember?.type === "remember" ? (remember.memory as VerticalMemory) : undefined;
    expect(memory?.observed.constructor).toMatchObject({ cpuMillis: { samples: 1 } });
  });

  test("count a figure once, however often it is read", () => {
    const workload = wished();
    const containers = [{ name: "main", usage: { cpu: "1", memory: "1Gi" } }];
    const figures = [{ pod: "web-1", timestamp: toTime(T0), containers }];
    let memory: VerticalMemory | undefined;
    for (let at = 0; at < 2 * LEAST_SAMPLES; at++) {
      const input = { workload, pods: [running(small)], figures };
      for (const one of planVertical(kind, input, T0 + at * 30_000, memory)) {
        if (one.type === "remember") memory = one.memory as VerticalMemory;
      }
    }
    expect(memory?.observed.main?.cpuMillis.samples).toBe(1);
  });

  test("that find no room are told of on the workload, once", () => {
    const pending = {
      type: "PodResizePending",
      status: "True",
      reason: "Deferred",
      message: "Node didn't have enough resource: cpu",
    };
    const sentence = "no room: pod web-1: Deferred: Node didn't have enough resource: cpu";
    const actions = afterLooks(1, wished(), running(small, [pending]));
    expect(actions).toContainEqual(
      expect.objectContaining({
        body: { metadata: { annotations: { "kaji.dev/vertical-status": sentence } } },
      }),
    );
    expect(actions.filter(({ type }) => type === "event")).toHaveLength(1);
    const told = wished({ "kaji.dev/vertical-status": sentence });
    expect(afterLooks(1, told, running(small, [pending])).map(({ type }) => type)).toEqual([
      "remember",
      "requeue",
    ]);
    expect(afterLooks(1, told, running(small))).toContainEqual(
      expect.objectContaining({
        body: { metadata: { annotations: { "kaji.dev/vertical-status": null } } },
      }),
    );
  });

  test.each([
    [
      { "kaji.dev/vertical-scaling": "auto" },
      'kaji.dev/vertical-scaling is "auto", and only "in-place" is known',
    ],
    [
      { "kaji.dev/vertical-most": "cpu=lots" },
      'kaji.dev/vertical-most has "cpu=lots": write cpu=QUANTITY,memory=QUANTITY',
    ],
    [
      { "kaji.dev/vertical-least": "disk=1Gi" },
      'kaji.dev/vertical-least has "disk=1Gi": write cpu=QUANTITY,memory=QUANTITY',
    ],
    [
      { "kaji.dev/vertical-least": "cpu=2", "kaji.dev/vertical-most": "cpu=1" },
      "kaji.dev/vertical-least of cpu is above kaji.dev/vertical-most",
    ],
  ])("are left alone when the wish cannot be understood: %j", (annotations, sentence) => {
    const actions = afterLooks(LEAST_SAMPLES, wished(annotations), running(small));
    expect(resizesIn(actions)).toEqual([]);
    expect(actions).toContainEqual(
      expect.objectContaining({
        type: "event",
        event: expect.objectContaining({ message: sentence }),
      }),
    );
  });
});
