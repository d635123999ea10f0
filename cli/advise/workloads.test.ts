import { describe, expect, test } from "vitest";
import { adviceTable } from "#cli/advise/advice-table";
import { Observations, patchesOf, type Workload } from "#cli/advise/workloads";
import { toTime } from "#kit/clock";
import { deployment, pod, T0 } from "#test/support/workloads";

function workload(requests: Record<string, string>): Workload {
  const made = deployment("web");
  const containers = ["main", "side"].map((name) => ({
    name,
    image: "v1",
    resources: { requests },
  }));
  const template = { ...made.spec.template, spec: { ...made.spec.template.spec, containers } };
  return { ...made, spec: { ...made.spec, template } } as Workload;
}

function figures(name: string, atMs: number, cpu: string) {
  const containers = [{ name: "main", usage: { cpu, memory: "100Mi" } }];
  return { metadata: { name, namespace: "default" }, timestamp: toTime(atMs), containers };
}

describe("what was seen of a workload", () => {
  const own = { ...pod("web-1"), metadata: { ...pod("web-1").metadata, labels: { app: "web" } } };
  const stranger = {
    ...pod("other"),
    metadata: { ...pod("other").metadata, labels: { app: "x" } },
  };

  test("counts its own pods' figures, each once, and tells containers that were not measured", () => {
    const web = workload({ cpu: "1", memory: "128Mi" });
    const observations = new Observations();
    const twice = figures("web-1", T0, "200m");
    observations.add([web], [own, stranger], [twice, figures("other", T0, "9")]);
    observations.add([web], [own, stranger], [twice, figures("web-1", T0 + 10_000, "100m")]);
    const advice = observations.adviceFor(web);
    expect(advice.map((one) => one.advice?.samples)).toEqual([2, undefined]);
    const [, main, side] = adviceTable(advice).split("\n");
    expect(main).toMatch(/^deployment\/web +main +2 +1 +2\d\dm +128Mi +1\d\dMi +change cpu$/);
    expect(side).toMatch(/^deployment\/web +side +0 +1 +- +128Mi +- +not measured$/);
    expect(patchesOf(advice)).toEqual([
      {
        ...{
          apiVersion: "apps/v1",
          kind: "Deployment",
          metadata: { name: "web", namespace: "default" },
        },
        spec: {
          template: {
            spec: {
              containers: [
                {
                  name: "main",
                  resources: { requests: { cpu: expect.stringMatching(/^2\d\dm$/) } },
                },
              ],
            },
          },
        },
      },
    ]);
  });

  test("is no patch where requests are near to it", () => {
    const web = workload({ cpu: "250m", memory: "128Mi" });
    const observations = new Observations();
    observations.add([web], [own], [figures("web-1", T0, "200m")]);
    expect(patchesOf(observations.adviceFor(web))).toEqual([]);
    expect(adviceTable(observations.adviceFor(web))).toContain("fine");
  });
});
