import { expect, test } from "vitest";
import type { Node } from "#api/schema/types";
import type { Informer } from "#client/informer";
import { OfferedImages } from "#control-plane/nodes/offered-images";

type Listener = Parameters<Informer<Node>["onChange"]>[0];

/** Nodes that a test changes by hand. */
function open(...nodes: Node[]) {
  let change: Listener = () => undefined;
  const offered = new OfferedImages({
    list: () => nodes,
    onChange: (listener) => {
      change = listener;
      return () => undefined;
    },
  });
  return {
    offered,
    change: (previous?: Node, current?: Node) =>
      change({ previous, current } as Parameters<Listener>[0]),
  };
}

function node(name: string, ...images: string[][]): Node {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name },
    spec: {},
    status: { images: images.map((names) => ({ names, sizeBytes: 1 })) },
  };
}

const [a, b] = [`sha256:${"a".repeat(64)}`, `sha256:${"b".repeat(64)}`];
const web = "docker.io/library/web:1";

test("who has an image is found by any spelling of its name, grouped by what it is", () => {
  const { offered } = open(node("n1", [a, web]), node("n2", [b, web]), node("n3", [a, web]));
  expect(offered.holdersOf("web:1")).toEqual([["n1", "n3"], ["n2"]]);
  expect(offered.holdersOf(web)).toHaveLength(2);
  expect(offered.holdersOf("web:2")).toEqual([]);
});

test("what came from a registry is offered by nobody", () => {
  const digest = `docker.io/library/web@${b}`;
  const { offered } = open(
    node("n1", [digest, web]),
    node("n2", [a, digest, web]),
    node("n3", [web]),
  );
  expect(offered.holdersOf("web:1")).toEqual([]);
  expect(offered.holdersOf(digest)).toEqual([]);
});

test("it follows what nodes say, and forgets those that are gone", () => {
  const before = node("n1", [a, web]);
  const { offered, change } = open(before);
  const after = node("n1", [b, web, "x.y/other:1"]);
  change(before, after);
  change(undefined, node("n2", [b, web]));
  expect(offered.holdersOf("web:1")).toEqual([["n1", "n2"]]);
  expect(offered.holdersOf("x.y/other:1")).toEqual([["n1"]]);
  change(after, undefined);
  expect(offered.holdersOf("web:1")).toEqual([["n2"]]);
  expect(offered.holdersOf("x.y/other:1")).toEqual([]);
});
