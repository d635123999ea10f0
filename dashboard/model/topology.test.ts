import { describe, expect, test } from "vitest";
import type { Ingress, Pod, Service } from "#api/schema/types";
import { useByPod } from "#dashboard/model/app-trouble";
import { appsOf, viewOf } from "#dashboard/model/topology";

const ready = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] };
const keepsEnding = {
  phase: "Running",
  containerStatuses: [
    {
      name: "c",
      ready: false,
      restartCount: 3,
      state: { waiting: { reason: "CrashLoopBackOff" } },
    },
  ],
};

function pod(name: string, app: string, status: object = ready, nodeName = "node-1"): Pod {
  const owner = { kind: "ReplicaSet", name: `${app}-5d8f`, uid: `uid-of-${app}`, controller: true };
  const limits = { cpu: "50m" };
  return {
    metadata: {
      ...{ name, namespace: "shop", uid: name, ownerReferences: [owner] },
      labels: { app, "pod-template-hash": "5d8f" },
    },
    spec: { nodeName, containers: [{ name: "c", image: "i", resources: { limits } }] },
    status,
  } as unknown as Pod;
}

function service(name: string, selector: object): Service {
  const ports = [{ port: 80, targetPort: 8080 }];
  return { metadata: { name, namespace: "shop" }, spec: { selector, ports } } as Service;
}

const ingress = {
  metadata: { name: "in", namespace: "shop" },
  spec: {
    rules: [{ host: "shop.example", http: { paths: [{ backend: { service: { name: "web" } } }] } }],
  },
} as Ingress;

describe("the apps", () => {
  test("are Services with who asks them, whose pods they are and where those run", () => {
    const pods = [pod("web-1", "web"), pod("web-2", "web", ready, "node-2"), pod("db-1", "db")];
    const [web] = appsOf([ingress], [service("web", { app: "web" })], pods).filter(
      (one) => one.service === "web",
    );
    expect(web).toMatchObject({
      ...{ hosts: ["shop.example/"], ports: ["80 → 8080"], selector: "app=web" },
      workloads: [{ kind: "Deployment", name: "web" }],
    });
    const view = web && viewOf(web, new Map());
    expect(view?.readyPods).toBe(2);
    expect(view?.places.map(({ node, pods: own }) => [node, own.length])).toEqual([
      ["node-1", 1],
      ["node-2", 1],
    ]);
  });

  test("are also the workloads that no Service leads to", () => {
    const apps = appsOf([], [service("web", { app: "web" })], [pod("db-1", "db")]);
    expect(apps.map((app) => [app.service, app.workloads, app.pods.length])).toEqual([
      [undefined, [{ kind: "Deployment", name: "db" }], 1],
      ["web", [], 0],
    ]);
  });

  test("have all labels of a Service's selector, and no pods that have ended", () => {
    const pods = [pod("web-1", "web"), pod("web-2", "web", { phase: "Succeeded" })];
    const half = service("half", { app: "web", tier: "front" });
    const found = appsOf([], [half, service("web", { app: "web" })], pods);
    expect(found.map((app) => [app.service, app.pods.map((one) => one.metadata.name)])).toEqual([
      ["half", []],
      ["web", ["web-1"]],
    ]);
  });
});

describe("an app", () => {
  const viewed = (pods: readonly Pod[], use?: Parameters<typeof useByPod>[0]) => {
    const [app] = appsOf([], [service("web", { app: "web" })], pods);
    return app && viewOf(app, useByPod(use)).troubles;
  };

  test("says why its pods fail, once for all that fail alike", () => {
    const pods = [pod("web-1", "web", keepsEnding), pod("web-2", "web", keepsEnding)];
    expect(viewed(pods)).toMatchObject([{ tone: "bad", others: 1 }]);
    expect(viewed(pods)?.[0]?.sentence).toContain("container c");
  });

  test("says which container its limit holds back, after what is worse", () => {
    const use = [
      {
        metadata: { name: "web-2", namespace: "shop" },
        containers: [{ name: "c", usage: { cpu: "50m" } }],
      },
    ];
    const troubles = viewed([pod("web-2", "web"), pod("web-1", "web", keepsEnding)], use);
    expect(troubles?.map(({ tone }) => tone)).toEqual(["bad", "warn"]);
    expect(troubles?.[1]?.sentence).toBe(
      "container c is throttled: it uses 100 % of its cpu limit 50m",
    );
  });

  test("says nothing where all is well", () => {
    expect(viewed([pod("web-1", "web")])).toEqual([]);
  });
});
