import { describe, expect, test } from "vitest";
import { newReplicaSetName } from "#control-plane/controllers/deployment/new-replica-set";
import { report, swapping } from "#test/support/swapping";

const SECOND = 1000;

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
