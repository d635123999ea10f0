import { describe, expect, test } from "vitest";
import type { Container, Service } from "#api/schema/types";
import { containerEnv } from "#node-agent/container/env";
import { expand } from "#node-agent/container/expand";
import { testFacts, testObjects } from "#test/support/node-objects";
import { testPod } from "#test/support/pods";

const service = (name: string, namespace: string): Service => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, namespace },
  spec: { clusterIP: "10.96.0.9", ports: [{ name: "web-ui", port: 80, protocol: "TCP" }] },
});
const objects = testObjects({
  configMaps: { site: { COLOR: "blue", "not=a-name": "x", SIZE: "xl" } },
  secrets: { login: { PASSWORD: "s3cret" } },
  services: [service("my-app", "default"), service("other", "elsewhere")],
});
const pod = testPod({ serviceAccountName: "robot" }, { labels: { app: "web" } });

function envOf(fields: Partial<Container>): Record<string, string> {
  const container = { name: "web", ...fields };
  return Object.fromEntries(containerEnv({ pod, container, objects, facts: testFacts }));
}

describe("containerEnv", () => {
  test("a variable may use those before it, and an unknown one stays as written", () => {
    const env = [
      { name: "A", value: "1" },
      { name: "B", value: "$(A)2 $(NONE) $$(A)" },
    ];
    expect(envOf({ env })).toMatchObject({ B: "12 $(NONE) $(A)" });
  });

  test("envFrom gives every key that can be a name, with its prefix, and env overrides it", () => {
    const envFrom = [
      { configMapRef: { name: "site" }, prefix: "P_" },
      { secretRef: { name: "login" } },
    ];
    const env = envOf({ envFrom, env: [{ name: "P_COLOR", value: "red" }] });
    expect(env).toMatchObject({ P_COLOR: "red", P_SIZE: "xl", PASSWORD: "s3cret" });
    expect(Object.keys(env)).not.toContain("P_not=a-name");
  });

  test.each([
    ["metadata.name", "web-1"],
    ["metadata.namespace", "default"],
    ["metadata.uid", "uid-1"],
    ["metadata.labels['app']", "web"],
    ["spec.nodeName", "node-1"],
    ["spec.serviceAccountName", "robot"],
    ["status.podIP", "10.244.0.7"],
    ["status.hostIP", "192.0.2.1"],
  ])("fieldRef %s", (fieldPath, value) => {
    expect(envOf({ env: [{ name: "X", valueFrom: { fieldRef: { fieldPath } } }] })["X"]).toBe(
      value,
    );
  });

  test.each([
    ["limits.cpu", undefined, "2"],
    ["requests.cpu", "1m", "250"],
    ["limits.memory", "1Mi", "64"],
    ["requests.memory", undefined, "0"],
  ])("resourceFieldRef %s in units of %s is %s", (resource, divisor, value) => {
    const resourceFieldRef = { resource, ...(divisor ? { divisor } : {}) };
    const resources = { limits: { memory: "64Mi" }, requests: { cpu: "250m" } };
    const env = envOf({ resources, env: [{ name: "X", valueFrom: { resourceFieldRef } }] });
    expect(env["X"]).toBe(value);
  });

  test("describes the services of its namespace", () => {
    expect(envOf({})).toMatchObject({
      MY_APP_SERVICE_HOST: "10.96.0.9",
      MY_APP_SERVICE_PORT: "80",
      MY_APP_SERVICE_PORT_WEB_UI: "80",
      MY_APP_PORT: "tcp://10.96.0.9:80",
      MY_APP_PORT_80_TCP_ADDR: "10.96.0.9",
    });
    expect(Object.keys(envOf({})).filter((name) => name.startsWith("OTHER"))).toEqual([]);
  });

  test.each([
    [{ envFrom: [{ configMapRef: { name: "no" } }] }, 'configmap "no" not found'],
    [{ envFrom: [{ secretRef: { name: "no" } }] }, 'secret "no" not found'],
    [
      { env: [{ name: "X", valueFrom: { configMapKeyRef: { name: "site", key: "no" } } }] },
      "couldn't find key no in ConfigMap default/site",
    ],
    [
      { env: [{ name: "X", valueFrom: { secretKeyRef: { name: "login", key: "no" } } }] },
      "couldn't find key no in Secret default/login",
    ],
  ] as [Partial<Container>, string][])("what is missing is said: %#", (fields, message) => {
    expect(() => envOf(fields)).toThrow(message);
  });

  test("what is missing and optional is left out", () => {
    const optional = true;
    const valueFrom = { secretKeyRef: { name: "no", key: "k", optional } };
    const env = envOf({
      envFrom: [{ configMapRef: { name: "no", optional } }],
      env: [{ name: "X", valueFrom }],
    });
    expect(env["X"]).toBeUndefined();
  });
});

describe("expand", () => {
  test.each([
    ["$(A)", "1"],
    ["$$(A)", "$(A)"],
    ["$$$(A)", "$1"],
    ["$A ${A} $(", "$A ${A} $("],
    ["$(B)", "$(B)"],
    ["", ""],
  ])("%s becomes %s", (text, expanded) => {
    expect(expand(text, new Map([["A", "1"]]))).toBe(expanded);
  });
});
