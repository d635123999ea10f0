import { expect, test } from "vitest";
import { deploymentKind } from "#api/kinds/deployment";
import type { Deployment } from "#api/schema/types";
import { createAdmission } from "#control-plane/apiserver/admission/admission";
import { rolloutState } from "#control-plane/apiserver/admission/rollout-state";
import { deployment } from "#test/support/workloads";

/** It asks nothing of the cluster. */
const nobody = {} as unknown as Parameters<typeof createAdmission>[1];
const admission = createAdmission([rolloutState], nobody);

const UNDER_WAY = {
  "kaji.dev/strategy": "canary",
  "kaji.dev/traffic": "web-a=90,web-b=10",
  "kaji.dev/rollout-state": '{"stable":"web-a"}',
};

/** The annotations that an update which wrote these leaves. */
function update(
  previous: Record<string, string>,
  next: Record<string, string>,
  template: Record<string, string> = {},
) {
  const annotated = (annotations: Record<string, string>): Deployment => {
    const made = deployment("web");
    made.metadata.annotations = { ...annotations };
    return made;
  };
  const object = annotated(next);
  const { metadata } = object.spec.template;
  object.spec.template.metadata = { name: "", ...metadata, annotations: template };
  admission.admit({
    operation: "UPDATE",
    kind: deploymentKind,
    object,
    previous: annotated(previous),
    subresource: undefined,
    options: {},
  } as unknown as Parameters<typeof admission.admit>[0]);
  return object.metadata.annotations;
}

test("an update that leaves out who gets the traffic keeps it, as kubectl's undo does", () => {
  expect(update(UNDER_WAY, { "kaji.dev/strategy": "canary" })).toEqual(UNDER_WAY);
});

test("what the update says itself counts, and without a strategy nothing is kept", () => {
  const switched = { ...UNDER_WAY, "kaji.dev/traffic": "web-b=100,web-a=0" };
  expect(update(UNDER_WAY, switched)).toEqual(switched);
  expect(update(UNDER_WAY, {})).toEqual({});
});

test("a rolling update that watches itself keeps its state, and shares nothing out", () => {
  const rolling = { "kaji.dev/strategy": "rolling", "kaji.dev/auto-rollback": "true" };
  expect(update(UNDER_WAY, rolling)).toEqual({
    ...rolling,
    "kaji.dev/rollout-state": UNDER_WAY["kaji.dev/rollout-state"],
  });
});

test("the configuration that was seen is kept while it is asked for", () => {
  const seen = { "kaji.dev/rollout-on-config-change": "true", "kaji.dev/config-seen": "abc" };
  const asked = { "kaji.dev/rollout-on-config-change": "true" };
  const hash = { "kaji.dev/config-hash": "abb" };
  expect(update(seen, asked, hash)).toEqual(seen);
  expect(update(seen, {}, hash)).toEqual({});
  // A template that reads no configuration any more: the controller takes both away, and is let.
  expect(update(seen, asked)).toEqual(asked);
});
