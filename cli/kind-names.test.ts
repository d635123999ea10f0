import { describe, expect, test } from "vitest";
import { kinds } from "#api/kinds/index";
import { findKind, findKinds, kindOfObject, resourceName } from "#cli/kind-names";

describe("kinds by the names people give them", () => {
  test.each([
    ["pods", "Pod"],
    ["Pod", "Pod"],
    ["PO", "Pod"],
    ["deploy", "Deployment"],
    ["deployments.apps", "Deployment"],
    ["Deployment.v1.apps", "Deployment"],
    ["ing.networking.k8s.io", "Ingress"],
    ["endpointslice", "EndpointSlice"],
  ])("%s is %s", (text, kind) => {
    expect(findKind(kinds, text).kind).toBe(kind);
  });

  test("every kind is found by its plural, singular, kind and short names", () => {
    for (const kind of kinds) {
      for (const name of [kind.plural, kind.singular, kind.kind, ...kind.shortNames]) {
        expect(findKind(kinds, name), name).toBe(kind);
      }
    }
  });

  test("several at once, and a category, each kind once", () => {
    expect(findKinds(kinds, "po,svc,pods").map(({ kind }) => kind)).toEqual(["Pod", "Service"]);
    expect(findKinds(kinds, "all").map(({ kind }) => kind)).toContain("Deployment");
  });

  test("an unknown name is answered with those that are served", () => {
    expect(() => findKind(kinds, "gizmo")).toThrow(
      /no kind is called "gizmo": this API serves .*pods \(po\)/,
    );
    expect(() => findKind(kinds, "podz")).toThrow(
      /no kind is called "podz": did you mean "pods"\?/,
    );
    expect(() => findKind(kinds, "pods.apps")).toThrow(/no kind is called/);
    expect(() => kindOfObject(kinds, "apps/v2", "Deployment")).toThrow(
      /no kind "Deployment" in version "apps\/v2": did you mean Deployment \(apps\/v1\)\?/,
    );
  });

  test("objects are named as kubectl names them", () => {
    expect(resourceName(findKind(kinds, "deploy"), "web")).toBe("deployment.apps/web");
    expect(resourceName(findKind(kinds, "svc"), "web")).toBe("service/web");
  });
});
