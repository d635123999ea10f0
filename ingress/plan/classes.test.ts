import { expect, test } from "vitest";
import type { Ingress, IngressClass } from "#api/schema/types";
import { classProblem, isServed } from "#ingress/plan/classes";
import { hostTo, ingressOf, pathTo } from "#test/support/ingress-objects";

const OURS = "kaji.dev/ingress";
const THEIRS = "traefik.io/ingress-controller";

function classOf(
  name: string,
  controller: string,
  created = "",
  parameters?: object,
): IngressClass {
  const isDefault = created !== "";
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "IngressClass",
    metadata: {
      name,
      ...(isDefault ? { creationTimestamp: created } : {}),
      annotations: { "ingressclass.kubernetes.io/is-default-class": String(isDefault) },
    },
    spec: { controller, ...(parameters ? { parameters } : {}) } as IngressClass["spec"],
  };
}

const spec = hostTo("shop.example", [pathTo("web")]);
const named = (ingressClassName: string): Ingress =>
  ingressOf("shop", { ...spec, ingressClassName });
const plain = ingressOf("shop", spec);

test.each([
  ["of a class of ours", named("a"), [classOf("a", OURS)], true],
  ["of another controller's class", named("a"), [classOf("a", THEIRS)], false],
  ["of a class that nobody has made", named("other"), [], false],
  ["of the class nginx, where nobody has made it", named("nginx"), [], true],
  [
    "of the class nginx, which is another controller's",
    named("nginx"),
    [classOf("nginx", THEIRS)],
    false,
  ],
  ["without a class, where there is no default one", plain, [classOf("a", THEIRS)], true],
  [
    "without a class, where another's is the default",
    plain,
    [classOf("a", THEIRS, "2026-01-01")],
    false,
  ],
  [
    "without a class, where the newer default is ours",
    plain,
    [classOf("a", THEIRS, "2026-01-01"), classOf("b", OURS, "2026-01-02")],
    true,
  ],
  [
    "whose class is named by the old annotation",
    ingressOf("shop", spec, { annotations: { "kubernetes.io/ingress.class": "a" } }),
    [classOf("a", THEIRS)],
    false,
  ],
] as const)("an Ingress %s", (_, ingress, classes, isOurs) => {
  expect(isServed(ingress, classes)).toBe(isOurs);
});

test("a class with parameters says that nothing follows from them", () => {
  const classes = [classOf("a", OURS, "", { kind: "ConfigMap", name: "settings" })];
  expect(classProblem(named("a"), classes)).toMatch(
    /^class a has parameters \(ConfigMap settings\)/,
  );
  expect(classProblem(named("a"), [classOf("a", OURS)])).toBeUndefined();
});
