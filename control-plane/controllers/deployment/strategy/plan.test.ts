import { describe, expect, test } from "vitest";
import { newReplicaSetName } from "#control-plane/controllers/deployment/new-replica-set";
import { RolloutModel } from "#test/support/rollout-model";
import { report, strategic, swapping } from "#test/support/swapping";
import { deployment } from "#test/support/workloads";

const SECOND = 1000;

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

  test("ends no old pod while a slice still sends to it", () => {
    const { model, old, fresh } = swapping({ strategy: "blue-green", "keep-old-seconds": "0" });
    const sliceOf = (traffic: string) => ({
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { name: "web-1", annotations: { "kaji.dev/traffic": traffic } },
      addressType: "IPv4",
      endpoints: model.active.map(({ metadata: { name } }) => ({
        addresses: ["10.0.0.1"],
        targetRef: { kind: "Pod", name },
      })),
    });
    model.slices = [sliceOf(`${old}=100,${fresh}=0`)];
    model.settle();
    expect(model.traffic).toBe(`${fresh}=100,${old}=0`);
    expect(model.summary).toBe("v1:3/3 v2:3/3");
    model.slices = [sliceOf(`other=100 ${fresh}=100,${old}=0`)];
    model.settle();
    expect(model.summary).toBe("v2:3/3");
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

  test("goes back when it crashes soon after its last pod", () => {
    const { model, fresh } = swapping({ "auto-rollback": "true" });
    model.settle();
    expect(model.condition("Progressing")?.reason).toBe("NewReplicaSetAvailable");
    model.nowMs += 59 * SECOND;
    model.crash(fresh, 3);
    model.settle();
    expect(model.summary).toBe("v1:3/3");
    expect(model.phase).toBe("RolledBack");
  });

  test("that goes well is complete, and is what the next one returns to", () => {
    const { model, fresh } = swapping({ "auto-rollback": "true" });
    model.settle();
    expect(model.summary).toBe("v2:3/3");
    expect(model.phase).toBe("Switched");
    model.nowMs += 60 * SECOND;
    model.settle();
    expect(model.phase).toBe("Complete");
    model.setImage("v3");
    model.settle({ makeReady: false });
    model.crash(newReplicaSetName(model.deployment), 3);
    model.settle();
    expect(model.summary).toBe("v2:3/3");
    expect(model.events.join("\n")).toContain(`to ${fresh}: its containers restarted 3 times`);
  });
});
