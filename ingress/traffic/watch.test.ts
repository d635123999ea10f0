import { expect, test } from "vitest";
import { setRequestAutoscalerDefaults } from "#api/kinds/request-autoscaler-rules";
import type { RequestAutoscaler } from "#api/schema/own/request-autoscaler";
import type { EndpointSlice } from "#api/schema/types";
import { concernsIngress, optionsOf, watchingOf } from "#ingress/traffic/watch";

function autoscaler(spec: Partial<RequestAutoscaler["spec"]> = {}): RequestAutoscaler {
  const made: RequestAutoscaler = {
    apiVersion: "kaji.dev/v1alpha1",
    kind: "RequestAutoscaler",
    metadata: { name: "web", namespace: "default" },
    spec: {
      scaleTargetRef: { kind: "Deployment", name: "web" },
      ...{ service: "web", maxReplicas: 2, ...spec },
    },
  };
  setRequestAutoscalerDefaults(made);
  return made;
}

function slice(annotations: Record<string, string> = {}): EndpointSlice {
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: "web-1", annotations },
    addressType: "IPv4",
    endpoints: [],
  };
}

test("the ingress plans anew for a spec and for a question, not for figures", () => {
  const before = autoscaler();
  const figures = { ...before, status: { observedConcurrency: "3" } };
  expect(concernsIngress(before, figures)).toBe(false);
  expect(concernsIngress(before, { ...before, status: { question: "now?" } })).toBe(true);
  expect(concernsIngress(before, autoscaler({ healthCheckPaths: ["/healthz"] }))).toBe(true);
  expect(concernsIngress(before, undefined)).toBe(true);
});

test("nobody watches a Service that no autoscaler names and no canary is under way for", () => {
  expect(watchingOf(undefined, [slice(), slice({ other: "x" })])).toBeUndefined();
});

test("a canary is watched without holding requests", () => {
  const watching = watchingOf(undefined, [slice({ "kaji.dev/traffic": "web-1=90,web-2=10" })]);
  expect(watching && optionsOf(watching)).toBe("watched");
});

test("requests for what may sleep are held, by default a thousand for a minute", () => {
  const watching = watchingOf(autoscaler(), []);
  expect(watching && optionsOf(watching)).toBe("hold=1000,60000");
});

test("what never sleeps holds nothing; its health checks are known all the same", () => {
  const watching = watchingOf(autoscaler({ minReplicas: 1, healthCheckPaths: ["/healthz"] }), []);
  expect(watching && optionsOf(watching)).toBe("watched probes=/healthz");
});
