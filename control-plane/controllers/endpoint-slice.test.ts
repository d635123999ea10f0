import { describe, expect, test } from "vitest";
import type { EndpointSlice, Pod } from "#api/schema/types";
import { planEndpointSlices } from "#control-plane/controllers/endpoint-slice";
import { unsharedTraffic } from "#control-plane/controllers/endpoint-slice-traffic";
import { pod, service } from "#test/support/workloads";

const web = service("web", [{ name: "http", port: 80, targetPort: 8080 }]);

/** The slices after the plan, as the API server would keep them. */
function slicesFor(
  pods: readonly Pod[],
  slices: readonly EndpointSlice[] = [],
  of = web,
  traffic = unsharedTraffic,
): EndpointSlice[] {
  const next = new Map(slices.map((slice) => [slice.metadata.name, slice]));
  for (const action of planEndpointSlices({ service: of, pods, slices, traffic })) {
    if (action.type === "delete") next.delete(action.target.name);
    if (action.type !== "create" && action.type !== "update") continue;
    const name = action.object.metadata.name || `slice-${next.size}`;
    const object = action.object as EndpointSlice;
    next.set(name, { ...object, metadata: { ...object.metadata, name } });
  }
  return [...next.values()];
}

describe("the slices of a service", () => {
  test.each([
    ["is ready", { isReady: true }, { ready: true, serving: true, terminating: false }],
    ["is not ready", {}, { ready: false, serving: false, terminating: false }],
    [
      "ends while it serves",
      { isReady: true, isDeleted: true },
      { ready: false, serving: true, terminating: true },
    ],
  ])("say of a pod that it %s", (_, options, conditions) => {
    const [slice] = slicesFor([pod("a", { ip: "10.0.0.1", node: "n", ...options })]);
    expect(slice?.endpoints).toMatchObject([
      { addresses: ["10.0.0.1"], nodeName: "n", conditions, targetRef: { kind: "Pod", name: "a" } },
    ]);
    expect(slice?.ports).toEqual([{ name: "http", port: 8080, protocol: "TCP" }]);
    expect(slice?.metadata).toMatchObject({
      generateName: "web-",
      labels: {
        "kubernetes.io/service-name": "web",
        "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
      },
      ownerReferences: [{ kind: "Service", name: "web", controller: true }],
    });
  });

  test("leave out pods without an address and pods that have ended", () => {
    const pods = [pod("a"), pod("b", { ip: "10.0.0.2", phase: "Succeeded" })];
    expect(slicesFor(pods)).toMatchObject([{ endpoints: [] }]);
  });

  test("publish what is not ready when the service says so", () => {
    const headless = service("web", [{ port: 80 }], {
      clusterIP: "None",
      publishNotReadyAddresses: true,
    });
    const [slice] = slicesFor([pod("a", { ip: "10.0.0.1" })], [], headless);
    expect(slice?.endpoints[0]?.conditions).toMatchObject({ ready: true, serving: false });
    expect(slice?.metadata.labels).toHaveProperty(["service.kubernetes.io/headless"], "");
  });

  test("hold at most 100 endpoints each, and shrink again", () => {
    const pods = Array.from({ length: 250 }, (_, i) =>
      pod(`p${String(i).padStart(3, "0")}`, { ip: `10.0.0.${i}`, isReady: true }),
    );
    const full = slicesFor(pods);
    expect(full.map(({ endpoints }) => endpoints.length)).toEqual([100, 100, 50]);
    expect(slicesFor(pods.slice(0, 90), full).map(({ endpoints }) => endpoints.length)).toEqual([
      90,
    ]);
  });

  test("are kept apart by the numbers that pods give a named port", () => {
    const named = service("web", [{ port: 80, targetPort: "http" }]);
    const withPort = (name: string, containerPort: number): Pod =>
      pod(name, {
        ip: "10.0.0.1",
        spec: { containers: [{ name: "main", ports: [{ name: "http", containerPort }] }] },
      });
    const slices = slicesFor([withPort("a", 8080), withPort("b", 9090)], [], named);
    expect(slices.map(({ ports }) => ports?.[0]?.port)).toEqual([8080, 9090]);
  });

  test("are written again only when something in them changes", () => {
    const pods = [pod("a", { ip: "10.0.0.1", isReady: true })];
    const slices = slicesFor(pods);
    expect(planEndpointSlices({ service: web, pods, slices, traffic: unsharedTraffic })).toEqual(
      [],
    );
    const relabelled = { ...web, metadata: { ...web.metadata, labels: { tier: "front" } } };
    const [slice] = slicesFor(pods, slices, relabelled);
    expect(slice?.metadata.labels).toMatchObject({ tier: "front" });
  });

  test("say of a pod whose version gets no requests that it is not ready, and who gets what, in one write", () => {
    const pods = [
      pod("web-a-1", { ip: "10.0.0.1", isReady: true }),
      pod("web-b-1", { ip: "10.0.0.2", isReady: true }),
    ];
    const traffic = { annotation: "web-a=100,web-b=0", unserved: new Set(["web-b-1"]) };
    const before = slicesFor(pods, [], web, traffic);
    expect(before).toMatchObject([
      {
        metadata: { annotations: { "kaji.dev/traffic": "web-a=100,web-b=0" } },
        endpoints: [
          { conditions: { ready: true, serving: true } },
          { conditions: { ready: false, serving: true } },
        ],
      },
    ]);
    const switched = { annotation: "web-b=100,web-a=0", unserved: new Set(["web-a-1"]) };
    const [action, ...others] = planEndpointSlices({
      service: web,
      pods,
      slices: before,
      traffic: switched,
    });
    expect(others).toEqual([]);
    expect(action).toMatchObject({
      type: "update",
      object: {
        metadata: { annotations: { "kaji.dev/traffic": "web-b=100,web-a=0" } },
        endpoints: [{ conditions: { ready: false } }, { conditions: { ready: true } }],
      },
    });
    const [after] = slicesFor(pods, before, web, unsharedTraffic);
    expect(after?.metadata.annotations).toEqual({});
  });
});
