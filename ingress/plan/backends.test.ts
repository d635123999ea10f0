import { expect, test } from "vitest";
import type { EndpointSlice } from "#api/schema/types";
import { encodeBackend, endpointsOf } from "#ingress/plan/backends";

interface PodState {
  readonly ready?: boolean;
  readonly serving?: boolean;
  readonly terminating?: boolean;
}

/** A pod for each name, at 10.0.0.1 and so on. */
function slice(pods: Readonly<Record<string, PodState>>, traffic?: string): EndpointSlice {
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: "s", ...(traffic ? { annotations: { "kaji.dev/traffic": traffic } } : {}) },
    addressType: "IPv4",
    ports: [{ name: "http", port: 8080 }],
    endpoints: Object.entries(pods).map(([name, state], i) => ({
      addresses: [`10.0.0.${i + 1}`],
      conditions: { ready: true, serving: true, terminating: false, ...state },
      targetRef: { kind: "Pod", namespace: "shop", name, uid: `uid-${name}` },
    })),
  };
}

function entry(...slices: EndpointSlice[]): string[] {
  return encodeBackend(endpointsOf(slices, "http")).split("\n").slice(1);
}

test("without shares every ready endpoint is alike, and one that ends or is not ready gets nothing", () => {
  const pods = {
    "web-a-1": {},
    "web-a-2": { ready: false },
    "web-a-3": { ready: false, terminating: true },
  };
  expect(entry(slice(pods))).toEqual(["10.0.0.1:8080\t\t\tshop/web-a-1"]);
});

test("each endpoint has the share of its version, and a version without one gets nothing", () => {
  const pods = { "web-a-1": {}, "web-b-1": {}, "web-c-1": { ready: false } };
  expect(entry(slice(pods, "web-a=90,web-b=10,web-c=0"))).toEqual([
    "10.0.0.1:8080\tweb-a\t90\tshop/web-a-1",
    "10.0.0.2:8080\tweb-b\t10\tshop/web-b-1",
  ]);
});

test("a version without a share gets nothing even where the service publishes what is not ready", () => {
  expect(entry(slice({ "web-a-1": {}, "web-b-1": {} }, "web-a=100,web-b=0"))).toHaveLength(1);
});

test("a mirrored version gets copies while it is serving, though the slice calls it not ready", () => {
  const pods = {
    "web-a-1": {},
    "web-b-1": { ready: false },
    "web-b-2": { ready: false, serving: false },
    "web-b-3": { ready: false, terminating: true },
  };
  expect(entry(slice(pods, "web-a=100,web-b=mirror/50"))).toEqual([
    "10.0.0.1:8080\tweb-a\t100\tshop/web-a-1",
    "10.0.0.2:8080\tweb-b\tm50\tshop/web-b-1",
  ]);
});

test("pods of others behind the same Service count as one whole version", () => {
  expect(entry(slice({ "web-a-1": {}, "lone-pod": {} }, "web-a=100,web-b=0"))).toEqual([
    "10.0.0.1:8080\tweb-a\t100\tshop/web-a-1",
    "10.0.0.2:8080\t\t100\tshop/lone-pod",
  ]);
});

test("an unchanged backend is the very list of before, and any other slice or port makes a new one", () => {
  const [one, other] = [slice({ "web-a-1": {} }), slice({ "web-a-1": {}, "web-a-2": {} })];
  const before = endpointsOf([one], "http");
  expect(endpointsOf([one], "http")).toBe(before);
  expect(endpointsOf([one], "admin")).toEqual([]);
  expect(endpointsOf([one, other], "http")).toHaveLength(2);
  expect(endpointsOf([other], "http")).toHaveLength(2);
  expect(endpointsOf([one], "http")).toEqual(before);
});

test("the entry of the same endpoints says other options when there are others", () => {
  const endpoints = endpointsOf([slice({ "web-a-1": {} })], "http");
  expect(encodeBackend(endpoints)).toBe("\n10.0.0.1:8080\t\t\tshop/web-a-1");
  expect(encodeBackend(endpoints, "watched")).toBe("watched\n10.0.0.1:8080\t\t\tshop/web-a-1");
  expect(encodeBackend(endpoints)).toBe("\n10.0.0.1:8080\t\t\tshop/web-a-1");
});
