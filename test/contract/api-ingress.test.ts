import { afterAll, beforeAll, expect, test } from "vitest";
import { ingressKind } from "#api/kinds/ingress";
import { ingressClassKind } from "#api/kinds/ingress-class";
import type { Ingress, IngressClass } from "#api/schema/types";
import { refusalOf, startTestApi, type TestApi } from "#test/contract/api-fixture";
import { hostTo, pathTo } from "#test/support/ingress-objects";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const createClass = (name: string, isDefault: boolean, spec: Partial<IngressClass["spec"]> = {}) =>
  api.client.create(ingressClassKind, {
    apiVersion: "networking.k8s.io/v1",
    kind: "IngressClass",
    metadata: {
      name,
      annotations: { "ingressclass.kubernetes.io/is-default-class": String(isDefault) },
    },
    spec: { controller: "kaji.dev/ingress", ...spec },
  });

const create = (name: string, spec: Partial<Ingress["spec"]> = {}, annotations = {}) =>
  api.client.create(ingressKind, {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name, namespace: "default", annotations },
    spec: { ...hostTo(`${name}.example`, [pathTo("web")]), ...spec },
  });

test("an Ingress without a class gets the default one, if there is one, and keeps what it names", async () => {
  expect((await create("early")).spec.ingressClassName).toBeUndefined();
  await createClass("standard", true);
  await createClass("other", false);
  expect((await create("plain")).spec.ingressClassName).toBe("standard");
  expect((await create("named", { ingressClassName: "other" })).spec.ingressClassName).toBe(
    "other",
  );
  const old = await create("old", {}, { "kubernetes.io/ingress.class": "nginx" });
  expect(old.spec.ingressClassName).toBeUndefined();
});

test("parameters name an object as their scope says", async () => {
  const parameters = { kind: "ConfigMap", name: "settings" };
  const created = await createClass("cluster", false, { parameters });
  expect(created.spec.parameters?.scope).toBe("Cluster");
  const wrong = (more: object) =>
    refusalOf(createClass("wrong", false, { parameters: { ...parameters, ...more } }));
  expect((await wrong({ scope: "Namespace" })).message).toContain(
    "spec.parameters.namespace: Required",
  );
  expect((await wrong({ namespace: "default" })).message).toContain(
    "spec.parameters.namespace: Forbidden",
  );
  expect((await wrong({ scope: "Planet" })).message).toContain('Unsupported value: "Planet"');
});
