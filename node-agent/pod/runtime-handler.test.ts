import { expect, test } from "vitest";
import type { Pod } from "#api/schema/types";
import { requireOwnHandler } from "#node-agent/pod/runtime-handler";

function pod(runtimeClassName?: string, handler?: string): Pod {
  const annotations = handler === undefined ? undefined : { "kaji.dev/runtime-handler": handler };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web", annotations },
    spec: { containers: [], runtimeClassName },
  };
}

test("a pod of no class, and a pod of a class with Kaji's handler, may run", () => {
  expect(() => requireOwnHandler(pod())).not.toThrow();
  expect(() => requireOwnHandler(pod("plain", "kaji"))).not.toThrow();
});

test.each([
  ["another handler", pod("sandboxed", "gvisor"), 'no runtime for "gvisor" is configured'],
  ["no handler known", pod("sandboxed"), 'no runtime for "" is configured'],
])("a pod of a class with %s is refused", (_, subject, why) => {
  expect(() => requireOwnHandler(subject)).toThrow(why);
});
