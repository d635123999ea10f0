import { describe, expect, test } from "vitest";
import type { TrafficReport } from "#api/schema/own/traffic-report";
import type { Deployment } from "#api/schema/types";
import { newReplicaSetName } from "#control-plane/controllers/deployment/new-replica-set";
import { type ReportedCounts, RolloutModel, trafficReport } from "#test/support/rollout-model";
import { deployment } from "#test/support/workloads";

const SECOND = 1000;

function strategic(annotations: Record<string, string>, spec: Partial<Deployment["spec"]> = {}) {
  const made = deployment("web", spec);
  const prefixed = Object.entries(annotations).map(([key, value]) => [`kaji.dev/${key}`, value]);
  made.metadata.annotations = Object.fromEntries(prefixed) as Record<string, string>;
  return made;
}

/** v1 serves; then the template is v2's. Answers the names of the two ReplicaSets. */
function swapping(annotations: Record<string, string>, spec: Partial<Deployment["spec"]> = {}) {
  const model = new RolloutModel(strategic(annotations, spec));
  model.settle();
  model.events.length = 0;
  const old = newReplicaSetName(model.deployment);
  model.setImage("v2");
  return { model, old, fresh: newReplicaSetName(model.deployment) };
}

function report(counts: Record<string, ReportedCounts>): TrafficReport[] {
  return [trafficReport("web.ingress-1", counts)];
}

describe("a Deployment with a strategy", () => {
  test("names who serves from its first pod on, and is complete", () => {
    const model = new RolloutModel(strategic({ strategy: "canary" }));
    model.settle();
    const name = newReplicaSetName(model.deployment);
    expect(model.traffic).toBe(`${name}=100`);
    expect(model.summary).toBe("v1:3/3");
    expect(model.condition("kaji.dev/Rollout")).toMatchObject({
      status: "True",
      reason: "Complete",
      message: `all requests go to ${name}`,
    });
    expect(model.condition("Progressing")?.reason).toBe("NewReplicaSetAvailable");
  });

  test("adopts what a rolling update left, and gives it back when the strategy is taken away", () => {
    const model = new RolloutModel(deployment("web"));
    model.settle();
    model.annotate("kaji.dev/strategy", "blue-green");
    model.settle();
    expect(model.traffic).toBe(`${newReplicaSetName(model.deployment)}=100`);
    model.annotate("kaji.dev/strategy", undefined);
    model.settle();
    expect(model.deployment.metadata.annotations).toEqual({
      "deployment.kubernetes.io/revision": "1",
    });
    expect(model.condition("kaji.dev/Rollout")).toBeUndefined();
  });

  test("that is scaled in the middle keeps every version at its share", () => {
    const { model } = swapping({ strategy: "canary", "canary-steps": "25" }, { replicas: 4 });
    model.settle();
    expect(model.summary).toBe("v1:4/4 v2:1/1");
    model.scale(9);
    model.settle();
    expect(model.summary).toBe("v1:9/9 v2:3/3");
    model.scale(0);
    model.settle();
    expect(model.summary).toBe("");
    model.nowMs += 3600 * SECOND;
    model.settle();
    model.scale(2);
    model.step();
    // Its step is over by the clock: the new version comes up whole beside the old one, which answers first.
    expect(model.summary).toBe("v1:0/2 v2:0/2");
    expect(model.phase).toBe("Waiting");
  });
});

describe("blue-green", () => {
  test("brings the new version to full size without a request, switches once, keeps the old one, then ends it", () => {
    const { model, old, fresh } = swapping({ strategy: "blue-green", "keep-old-seconds": "100" });
    model.settle({ makeReady: false });
    expect(model.summary).toBe("v1:3/3 v2:0/3");
    expect(model.traffic).toBe(`${old}=100,${fresh}=0`);
    expect(model.phase).toBe("Waiting");
    model.settle();
    expect(model.summary).toBe("v1:3/3 v2:3/3");
    expect(model.traffic).toBe(`${fresh}=100,${old}=0`);
    expect(model.phase).toBe("Switched");
    model.nowMs += 99 * SECOND;
    model.settle();
    expect(model.summary).toBe("v1:3/3 v2:3/3");
    model.nowMs += SECOND;
    model.settle();
    expect(model.summary).toBe("v2:3/3");
    expect(model.traffic).toBe(`${fresh}=100`);
    expect(model.phase).toBe("Complete");
    expect(model.condition("Progressing")?.reason).toBe("NewReplicaSetAvailable");
  });

  test("stands as long as it is told before the switch, whatever the progress deadline", () => {
    const { model, old, fresh } = swapping(
      { strategy: "blue-green", "blue-green-hold-seconds": "1000" },
      { progressDeadlineSeconds: 60 },
    );
    model.settle();
    expect(model.phase).toBe("Verifying");
    model.nowMs += 999 * SECOND;
    model.settle();
    expect(model.traffic).toBe(`${old}=100,${fresh}=0`);
    expect(model.condition("Progressing")?.reason).toBe("RolloutHolding");
    model.nowMs += SECOND;
    model.settle();
    expect(model.traffic).toBe(`${fresh}=100,${old}=0`);
  });

  test("with manual promotion waits for the word, which is for its own revision and is used up", () => {
    const { model, fresh, old } = swapping({ strategy: "blue-green", promotion: "manual" });
    model.settle();
    expect(model.phase).toBe("Paused");
    model.annotate("kaji.dev/promote", "1");
    model.nowMs += 3600 * SECOND;
    model.settle();
    expect(model.traffic).toBe(`${old}=100,${fresh}=0`);
    model.annotate("kaji.dev/promote", "2");
    model.settle();
    expect(model.traffic).toBe(`${fresh}=100,${old}=0`);
    expect(model.deployment.metadata.annotations).not.toHaveProperty("kaji.dev/promote");
    model.annotate("kaji.dev/promote", "2");
    model.settle();
    expect(model.phase).toBe("Complete");
    expect(model.summary).toBe("v2:3/3");
  });

  test("goes back when the new version never gets ready, with the template and why", () => {
    const { model, old, fresh } = swapping(
      { strategy: "blue-green" },
      { progressDeadlineSeconds: 60 },
    );
    model.settle({ makeReady: false });
    model.nowMs += 60 * SECOND;
    model.settle({ makeReady: false });
    const message = `Rolled back from ${fresh} to ${old}: only 0 of 3 pods were available after 60 s without progress: the readiness probe does not succeed`;
    expect(model.events).toContain(message);
    expect(model.summary).toBe("v1:3/3");
    expect(model.traffic).toBe(`${old}=100`);
    expect(model.image).toBe("v1");
    expect(model.condition("kaji.dev/Rollout")).toMatchObject({ reason: "RolledBack", message });
    expect(model.condition("Progressing")).toMatchObject({
      status: "False",
      reason: "ProgressDeadlineExceeded",
      message,
    });
  });

  test("a template that was refused is tried again when somebody writes it again", () => {
    const { model, fresh } = swapping({ strategy: "blue-green" }, { progressDeadlineSeconds: 60 });
    model.settle({ makeReady: false });
    model.nowMs += 60 * SECOND;
    model.settle({ makeReady: false });
    model.nowMs += 3600 * SECOND;
    model.setImage("v2");
    model.settle({ makeReady: false });
    expect(model.summary).toBe("v1:3/3 v2:0/3");
    expect(model.condition("Progressing")?.reason).toBe("ReplicaSetUpdated");
    model.settle();
    expect(model.traffic.startsWith(`${fresh}=100`)).toBe(true);
  });

  test("returns at once within the kept time when the new version's pods break", () => {
    const { model, old, fresh } = swapping({ strategy: "blue-green" });
    model.settle();
    const broken = model.active.filter(({ metadata }) => metadata.name.startsWith(fresh));
    for (const one of broken) model.setReady(one, false);
    model.settle({ makeReady: false });
    expect(model.traffic).toBe(`${old}=100`);
    expect(model.events.join("\n")).toContain(
      "none of its 3 pods is ready any more, 3 of the old version's are",
    );
  });

  test("undo after the switch is one write away from the old version", () => {
    const { model, old, fresh } = swapping({ strategy: "blue-green" });
    model.settle();
    model.setImage("v1");
    const [write] = model.step();
    expect(write).toMatchObject({ type: "patch", kind: { kind: "Deployment" } });
    expect(model.traffic).toBe(`${old}=100,${fresh}=0`);
    model.settle();
    expect(model.summary).toBe("v1:3/3");
    expect(model.phase).toBe("Complete");
  });
});

describe("canary", () => {
  const steps = { strategy: "canary", "canary-steps": "10,50", "canary-pause-seconds": "60" };
  const good = { requests: 1000, errors: 1, ms: 30 };

  test("goes up by its steps with as many pods, then takes over", () => {
    const { model, old, fresh } = swapping(steps, { replicas: 10 });
    const seen: string[] = [];
    for (let round = 0; round < 10; round++) {
      model.settle();
      seen.push(`${model.summary} ${model.traffic}`);
      model.nowMs += 60 * SECOND;
    }
    expect([...new Set(seen)]).toEqual([
      `v1:10/10 v2:1/1 ${old}=90,${fresh}=10`,
      `v1:10/10 v2:5/5 ${old}=50,${fresh}=50`,
      `v1:10/10 v2:10/10 ${fresh}=100,${old}=0`,
      `v2:10/10 ${fresh}=100`,
    ]);
    expect(model.events.filter((event) => event.startsWith("Step"))).toEqual([
      `Step 1 of 2: ${fresh} gets 10 % of the requests`,
      `Step 2 of 2: ${fresh} gets 50 % of the requests`,
    ]);
  });

  test("goes back as soon as it fails more often than the old version, with figures", () => {
    const { model, old, fresh } = swapping(steps);
    model.settle();
    model.reports = report({ [old]: { requests: 4103, errors: 4 }, [fresh]: { requests: 10 } });
    model.settle();
    model.reports = report({
      [old]: { requests: 8206, errors: 8 },
      [fresh]: { requests: 420, errors: 21 },
    });
    model.settle();
    expect(model.events).toContain(
      `Rolled back from ${fresh} to ${old}: 5.0 % of 420 requests failed, 0.1 % of the old version's 8,206`,
    );
    expect(model.traffic).toBe(`${old}=100`);
    expect(model.image).toBe("v1");
  });

  test("goes back when it is much slower", () => {
    const { model, old, fresh } = swapping(steps);
    model.settle();
    model.reports = report({ [old]: good, [fresh]: { ...good, ms: 400 } });
    model.settle();
    expect(model.phase).toBe("RolledBack");
    expect(model.condition("kaji.dev/Rollout")?.message).toBe(
      `Rolled back from ${fresh} to ${old}: 95 % of 1,000 requests took up to 488 ms, 49 ms with the old version's 1,000`,
    );
  });

  test.each([
    ["as good", good],
    ["a little slower", { ...good, ms: 60 }],
    ["failing too rarely to tell", { requests: 1000, errors: 2 }],
    ["asked too seldom to tell", { requests: 19, errors: 19 }],
  ])("goes on when the new version is %s", (_, counts) => {
    const { model, old, fresh } = swapping(steps);
    model.settle();
    model.reports = report({ [old]: good, [fresh]: counts });
    model.settle();
    expect(model.phase).toBe("Step");
    model.nowMs += 60 * SECOND;
    model.settle();
    expect(model.traffic).toBe(`${old}=50,${fresh}=50`);
  });

  test("counts anew at each step, and after an ingress began anew", () => {
    const { model, old, fresh } = swapping(steps);
    model.settle();
    model.reports = report({ [old]: good, [fresh]: { requests: 1000, errors: 10 } });
    model.nowMs += 60 * SECOND;
    model.settle();
    expect(model.traffic).toBe(`${old}=50,${fresh}=50`);
    model.reports = report({ [old]: good, [fresh]: { requests: 1030, errors: 13 } });
    model.settle();
    expect(model.events.join("\n")).toContain("10.0 % of 30 requests failed");
  });

  test("says what is going on in one sentence", () => {
    const { model, old, fresh } = swapping(steps);
    model.settle();
    model.reports = report({ [old]: good, [fresh]: { requests: 7, ms: 30 } });
    model.settle();
    expect(model.condition("kaji.dev/Rollout")).toMatchObject({
      status: "Unknown",
      reason: "Step",
      message: `step 1 of 2: 10 % to ${fresh}; 7 requests, 0.0 % failed, p95 49 ms, too few for a verdict (20) (old: 1,000 requests, 0.1 % failed, p95 49 ms); goes on at 2026-01-01T00:01:00Z`,
    });
  });

  test("goes back when its containers crash, before they were ever ready too", () => {
    const { model, old, fresh } = swapping(steps);
    model.settle({ makeReady: false });
    model.crash(fresh, 3);
    model.settle({ makeReady: false });
    expect(model.events).toContain(
      `Rolled back from ${fresh} to ${old}: its containers restarted 3 times, the last time with exit code 1 in container main (2 are tolerated)`,
    );
    expect(model.summary).toBe("v1:3/3");
  });

  test("paused stays at its step, and still goes back when it is bad", () => {
    const { model, old, fresh } = swapping(steps);
    model.settle();
    model.pause(true);
    model.nowMs += 3600 * SECOND;
    model.settle();
    expect(model.traffic).toBe(`${old}=90,${fresh}=10`);
    expect(model.phase).toBe("Paused");
    model.pause(false);
    model.settle();
    expect(model.traffic).toBe(`${old}=50,${fresh}=50`);
    model.pause(true);
    model.crash(fresh, 3);
    model.settle({ makeReady: false });
    expect(model.traffic).toBe(`${old}=100`);
  });

  test("without auto-rollback stays where it is, and says so", () => {
    const { model, old, fresh } = swapping({ ...steps, "auto-rollback": "false" });
    model.settle();
    model.crash(fresh, 9);
    model.reports = report({ [old]: good, [fresh]: { requests: 1000, errors: 900 } });
    model.settle();
    expect(model.traffic).toBe(`${old}=90,${fresh}=10`);
    expect(model.condition("kaji.dev/Rollout")?.message).toContain("1,000 requests, 90.0 % failed");
  });

  test("undo returns all requests at once, and ends the new version", () => {
    const { model, old, fresh } = swapping(steps);
    model.settle();
    model.setImage("v1");
    model.step();
    expect(model.traffic).toBe(`${old}=100,${fresh}=0`);
    model.settle();
    expect(model.summary).toBe("v1:3/3");
    expect(model.phase).toBe("Complete");
    expect(model.condition("Progressing")?.reason).toBe("NewReplicaSetAvailable");
  });

  test("abort goes back, and is only for its own revision", () => {
    const { model, old, fresh } = swapping(steps);
    model.settle();
    model.annotate("kaji.dev/abort", "1");
    model.settle();
    expect(model.traffic).toBe(`${old}=90,${fresh}=10`);
    model.annotate("kaji.dev/abort", "2");
    model.settle();
    expect(model.traffic).toBe(`${old}=100`);
    expect(model.image).toBe("v1");
    expect(model.condition("kaji.dev/Rollout")?.message).toContain("somebody asked for it");
    expect(model.deployment.metadata.annotations).not.toHaveProperty("kaji.dev/abort");
  });

  test("promote ends the present step, fully ends all of them", () => {
    const { model, old, fresh } = swapping({ ...steps, promotion: "manual" });
    model.settle();
    model.annotate("kaji.dev/promote", "2");
    model.settle();
    expect(model.traffic).toBe(`${old}=50,${fresh}=50`);
    model.nowMs += 3600 * SECOND;
    model.settle();
    expect(model.traffic).toBe(`${old}=50,${fresh}=50`);
    model.annotate("kaji.dev/promote", "2/full");
    model.settle();
    expect(model.traffic).toBe(`${fresh}=100,${old}=0`);
    expect(model.deployment.metadata.annotations).not.toHaveProperty("kaji.dev/promote");
  });

  test("a third template in the middle takes the second's place, and the first stays the way back", () => {
    const { model, old } = swapping(steps);
    model.settle();
    model.setImage("v3");
    const third = newReplicaSetName(model.deployment);
    model.step();
    expect(model.traffic).toBe(`${old}=100,${third}=0`);
    model.settle();
    expect(model.summary).toBe("v1:3/3 v3:1/1");
    expect(model.traffic).toBe(`${old}=90,${third}=10`);
  });

  test("another strategy in the middle begins again", () => {
    const { model, old, fresh } = swapping(steps);
    model.settle();
    model.annotate("kaji.dev/strategy", "blue-green");
    model.step();
    expect(model.traffic).toBe(`${old}=100,${fresh}=0`);
    model.settle();
    expect(model.traffic).toBe(`${fresh}=100,${old}=0`);
  });
});

describe("mirror", () => {
  const mirror = { strategy: "mirror", "mirror-percent": "50", "mirror-seconds": "30" };

  test("copies requests, then switches as blue-green does", () => {
    const { model, old, fresh } = swapping(mirror, { replicas: 4 });
    model.settle();
    expect(model.summary).toBe("v1:4/4 v2:2/2");
    expect(model.traffic).toBe(`${old}=100,${fresh}=mirror/50`);
    expect(model.phase).toBe("Step");
    model.nowMs += 30 * SECOND;
    model.settle();
    expect(model.summary).toBe("v1:4/4 v2:4/4");
    expect(model.traffic).toBe(`${fresh}=100,${old}=0`);
  });

  test("goes back when the copies fail, and no client has seen it", () => {
    const { model, old, fresh } = swapping(mirror);
    model.settle();
    model.reports = report({ [old]: { requests: 100 }, [fresh]: { requests: 50, errors: 50 } });
    model.settle();
    expect(model.traffic).toBe(`${old}=100`);
    expect(model.events.join("\n")).toContain(
      "100.0 % of 50 requests failed, 0.0 % of the old version's 100",
    );
  });
});

describe("a rolling update with auto-rollback", () => {
  test("goes back when the new version never gets ready, and never shares traffic out", () => {
    const { model, old, fresh } = swapping(
      { "auto-rollback": "true" },
      { progressDeadlineSeconds: 60 },
    );
    model.settle({ makeReady: false });
    model.nowMs += 60 * SECOND;
    model.settle({ makeReady: false });
    model.settle();
    expect(model.image).toBe("v1");
    expect(model.summary).toBe("v1:3/3");
    expect(model.traffic).toBe("");
    expect(model.condition("Progressing")).toMatchObject({ status: "False" });
    expect(model.phase).toBe("RolledBack");
    expect(model.events.join("\n")).toContain(`Rolled back from ${fresh} to ${old}`);
  });

  test("that goes well is complete, and is what the next one returns to", () => {
    const { model, fresh } = swapping({ "auto-rollback": "true" });
    model.settle();
    expect(model.summary).toBe("v2:3/3");
    expect(model.phase).toBe("Complete");
    model.setImage("v3");
    model.settle({ makeReady: false });
    model.crash(newReplicaSetName(model.deployment), 3);
    model.settle();
    expect(model.summary).toBe("v2:3/3");
    expect(model.events.join("\n")).toContain(`to ${fresh}: its containers restarted 3 times`);
  });
});
