import { describe, expect, test } from "vitest";
import { parsePath } from "#control-plane/apiserver/serving/request-path";

describe("a request path", () => {
  test.each([
    ["/api/v1/pods", { group: "", version: "v1", plural: "pods" }],
    [
      "/api/v1/namespaces/a/pods/b/log",
      { group: "", version: "v1", namespace: "a", plural: "pods", name: "b", subresource: "log" },
    ],
    ["/api/v1/namespaces", { group: "", version: "v1", plural: "namespaces" }],
    ["/api/v1/namespaces/a", { group: "", version: "v1", plural: "namespaces", name: "a" }],
    [
      "/api/v1/namespaces/a/finalize",
      { group: "", version: "v1", plural: "namespaces", name: "a", subresource: "finalize" },
    ],
    [
      "/apis/apps/v1/namespaces/a/deployments",
      { group: "apps", version: "v1", namespace: "a", plural: "deployments" },
    ],
  ])("%s names a resource", (path, resource) => {
    expect(parsePath(path)).toEqual({ type: "resource", resource });
  });

  test("of discovery or of anything else is no resource", () => {
    expect(parsePath("/apis/apps/v1")).toEqual({ type: "version", group: "apps", version: "v1" });
    for (const path of ["/", "/api", "/apis", "/apis/apps", "/healthz", "/api/v1/a/b/c/d/e"]) {
      expect(parsePath(path).type).toBe("other");
    }
  });
});
