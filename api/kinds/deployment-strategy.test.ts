import { describe, expect, test } from "vitest";
import { validateDeployment } from "#api/kinds/deployment-rules";
import {
  formatTraffic,
  parseTraffic,
  strategyOf,
  versionOfPod,
} from "#api/kinds/deployment-strategy";
import type { Deployment } from "#api/schema/types";
import { deployment } from "#test/support/workloads";

function annotated(annotations: Record<string, string>, name = "web"): Deployment {
  const made = deployment(name);
  made.spec.strategy = { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } };
  const prefixed = Object.entries(annotations).map(([key, value]) => [`kaji.dev/${key}`, value]);
  made.metadata.annotations = Object.fromEntries(prefixed) as Record<string, string>;
  return made;
}

describe("a strategy", () => {
  test("is Kubernetes' own without the annotation, and for a rolling update that nobody watches", () => {
    expect(strategyOf(deployment("web"))).toBeUndefined();
    expect(strategyOf(annotated({ strategy: "rolling" }))).toBeUndefined();
    expect(strategyOf(annotated({ "auto-rollback": "true" }))?.type).toBe("rolling");
  });

  test("has defaults that suit most", () => {
    expect(strategyOf(annotated({ strategy: "canary" }))).toEqual({
      type: "canary",
      canarySteps: [10, 25, 50],
      pauseMs: 60_000,
      mirrorPercent: 10,
      keepOldMs: 60_000,
      isManual: false,
      rollsBack: true,
      tolerance: {
        errorIncrease: 1,
        latencyIncrease: 50,
        minLatencyIncreaseMs: 50,
        minRequests: 20,
        maxRestarts: 2,
      },
    });
    expect(strategyOf(annotated({ strategy: "blue-green" }))).toMatchObject({
      pauseMs: 0,
      keepOldMs: 300_000,
    });
  });

  test.each([
    [{ strategy: "purple" }, "must be one of rolling, blue-green, canary, mirror"],
    [{ "canary-steps": "25,10" }, 'must be ascending percents from 1 to 99, such as "10,25,50"'],
    [{ "canary-steps": "0,100" }, "must be ascending percents"],
    [{ "canary-pause-seconds": "1m" }, "must be a whole number from 0 to 2592000"],
    [{ "mirror-percent": "0" }, "must be a whole number from 1 to 100"],
    [{ "max-error-increase": "-1" }, "must be a number from 0 to 100"],
    [{ promotion: "slow" }, "must be one of automatic, manual"],
    [{ "auto-rollback": "yes" }, "must be one of true, false"],
  ])("is refused when it cannot be understood: %j", (annotations, sentence) => {
    const found = validateDeployment(annotated(annotations as Record<string, string>));
    expect(found.map(({ message }) => message).join("\n")).toContain(sentence);
  });

  test("is refused beside Recreate, and where pods could not be told apart by their names", () => {
    const recreated = annotated({ strategy: "canary" });
    recreated.spec.strategy = { type: "Recreate" };
    expect(JSON.stringify(validateDeployment(recreated))).toContain(
      "two versions run side by side",
    );
    const long = annotated({ strategy: "canary" }, "w".repeat(47));
    expect(JSON.stringify(validateDeployment(long))).toContain("more than 46 characters");
    const short = annotated({ strategy: "canary" }, "w".repeat(46));
    expect(JSON.stringify(validateDeployment(short))).not.toContain("characters");
  });
});

describe("the traffic annotation", () => {
  test("is read as it was written", () => {
    const shares = new Map([
      ["web-a", { weight: 90 }],
      ["web-b", { weight: 0, mirrorPercent: 50 }],
    ]);
    expect(formatTraffic(shares)).toBe("web-a=90,web-b=mirror/50");
    expect(parseTraffic("web-a=90,web-b=mirror/50")).toEqual(shares);
  });

  test.each([undefined, "", "nonsense", "web-a=101", "web a=1x"])(
    "%j shares nothing out",
    (text) => {
      expect(parseTraffic(text)).toBeUndefined();
    },
  );

  test("finds a pod's version in its name", () => {
    expect(versionOfPod("web-5d4f-x2x4q")).toBe("web-5d4f");
    expect(versionOfPod("lonely")).toBe("");
  });
});
