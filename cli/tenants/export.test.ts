import { expect, test } from "vitest";
import { configMapKind } from "#api/kinds/config-map";
import { replicaSetKind } from "#api/kinds/replica-set";
import { secretKind } from "#api/kinds/secret";
import type { KubeObject } from "#api/machinery/meta";
import { isExported, withoutServerFields } from "#cli/tenants/export";

const object = (kind: string, content: object = {}, metadata: object = {}): KubeObject => ({
  apiVersion: "v1",
  kind,
  metadata: { name: "x", namespace: "tenant-a", uid: "u", resourceVersion: "7", ...metadata },
  ...content,
});

test("an exported object has nothing that a server gave it", () => {
  const spec = {
    clusterIP: "10.0.0.1",
    clusterIPs: ["10.0.0.1"],
    ipFamilies: ["IPv4"],
    selector: { app: "web" },
  };
  const annotations = { "kaji.dev/rendered": "1", mine: "2" };
  expect(
    withoutServerFields(
      object("Service", { spec, status: { a: 1 } }, { annotations, generation: 3 }),
    ),
  ).toEqual({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "x", namespace: "tenant-a", annotations: { mine: "2" } },
    spec: { selector: { app: "web" } },
  });
  const headless = object("Service", { spec: { clusterIP: "None" } });
  expect(withoutServerFields(headless)).toMatchObject({ spec: { clusterIP: "None" } });
});

test("an exported namespace says that it is being put back", () => {
  const annotations = { "kaji.dev/rendered": "1f2e", mine: "2" };
  const namespace = object("Namespace", { spec: { finalizers: ["kubernetes"] } }, { annotations });
  expect(withoutServerFields(namespace)).toMatchObject({
    metadata: { annotations: { "kaji.dev/rendered": "elsewhere", mine: "2" } },
  });
});

test("what others make again is left out, and Secrets are unless asked for", () => {
  const ownerReferences = [
    { apiVersion: "apps/v1", kind: "Deployment", name: "web", uid: "d", controller: true },
  ];
  expect(isExported(configMapKind, object("ConfigMap"), false)).toBe(true);
  expect(isExported(replicaSetKind, object("ReplicaSet", {}, { ownerReferences }), false)).toBe(
    false,
  );
  expect(isExported(secretKind, object("Secret"), false)).toBe(false);
  expect(isExported(secretKind, object("Secret"), true)).toBe(true);
  const given = object("ConfigMap", {}, { name: "kube-root-ca.crt" });
  expect(isExported(configMapKind, given, true)).toBe(false);
});
