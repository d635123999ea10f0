import { describe, expect, test } from "vitest";
import { attributesOf, parseQuery } from "#control-plane/history/query";

const parse = (text: string) => parseQuery(new URLSearchParams(text));

describe("a question for the history", () => {
  test.each([
    ["of=tenants", 'of="tenants" is nothing that is kept: ask for one of'],
    ["", 'of="" is nothing that is kept'],
    ["of=constructor", 'of="constructor" is nothing that is kept'],
    ["of=nodes&range=7h", 'range="7h" is no time from 10s to 6h'],
    ["of=nodes&range=-1m", 'range="-1m" is no time from 10s to 6h'],
    ["of=nodes&range=soon", 'range="soon" is no time from 10s to 6h'],
    ["of=nodes&watch=perhaps", 'watch="perhaps" is neither true nor false'],
    ["of=nodes&labelSelector=a", 'there is no parameter "labelSelector": there are of, namespace'],
    ["of=versions&name=web", "of=versions wants the namespace and the name of a Deployment"],
  ])("that cannot be answered (%s) is refused in a sentence", (query, sentence) => {
    expect(() => parse(query)).toThrow(sentence);
  });

  test("is for the last 15 minutes unless it says otherwise", () => {
    expect(parse("of=nodes").rangeMs).toBe(15 * 60_000);
    expect(parse("of=nodes&range=6h").rangeMs).toBe(6 * 3_600_000);
  });

  test.each([
    ["of=nodes", { group: "metrics.k8s.io", resource: "nodes" }],
    ["of=cluster", { group: "metrics.k8s.io", resource: "nodes" }],
    ["of=pods", { group: "metrics.k8s.io", resource: "pods", namespace: undefined }],
    ["of=pods&namespace=a&name=b", { group: "metrics.k8s.io", resource: "pods", namespace: "a" }],
    ["of=versions&namespace=a&name=b", { resource: "pods", namespace: "a" }],
    ["of=requests&namespace=a", { group: "networking.k8s.io", resource: "ingresses" }],
    ["of=server", { verb: "get", path: "/metrics" }],
  ])("%s wants the right to read what it is about", (query, attributes) => {
    expect(attributesOf(parse(query))).toMatchObject(attributes);
  });
});
