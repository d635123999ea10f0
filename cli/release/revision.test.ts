import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { presentObjects, rollbackTarget } from "#cli/release/history";
import { planPrune } from "#cli/release/prune";
import type { ObjectReference } from "#cli/release/release-object";
import { decodeRevision, encodeRevision, type Revision } from "#cli/release/revision";

function revision(number: number, more: Partial<Revision> = {}): Revision {
  return {
    ...{ release: "shop", namespace: "default", number, status: "deployed", reason: "" },
    ...{ holder: "root@here, process 1", startTime: "2026-01-01T00:00:00Z" },
    content: { action: "deploy", objects: [], leftovers: [] },
    ...more,
  };
}

const configMap = (name: string, data: Record<string, string> = {}) => ({
  ...{ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "default" } },
  data,
});
const reference = (kind: string, name: string, isKept?: boolean): ObjectReference => ({
  ...{ apiVersion: "v1", kind, namespace: "default", name },
  ...(isKept ? { isKept } : {}),
});

describe("a revision", () => {
  test("comes back from its Secret as it was", () => {
    const content = {
      ...{ action: "deploy", objects: [configMap("a", { key: "ü" })] },
      leftovers: [reference("ConfigMap", "old")],
    };
    const one = revision(3, {
      content,
      status: "failed",
      reason: "it was slow",
      resourceVersion: "7",
    });
    const secret = encodeRevision(one);
    expect(secret).toMatchObject({
      type: "kaji.dev/release.v1",
      metadata: { name: "release.shop.v3" },
    });
    expect(decodeRevision(secret)).toEqual(one);
  });

  test("of more than a Secret can hold is refused with what to do", () => {
    const noise = randomBytes(2_000_000).toString("base64");
    const content = { action: "deploy", objects: [configMap("a", { noise })], leftovers: [] };
    expect(() => encodeRevision(revision(1, { content }))).toThrow(
      /release shop has \d+ bytes of compressed manifests, and a revision holds at most 1048576 \(1 MiB\): split it/,
    );
  });

  test.each([
    ["not compressed", "aGVsbG8="],
    ["empty", ""],
  ])("that somebody has broken (%s) is told by name", (_, release) => {
    const secret = { ...encodeRevision(revision(1)), data: { release } };
    expect(() => decodeRevision(secret)).toThrow(
      /the Secret default\/release.shop.v1 is not a revision that can be read: its content: /,
    );
  });
});

describe("what is pruned", () => {
  const former = [
    reference("Namespace", "ns"),
    reference("PersistentVolumeClaim", "disk"),
    reference("ConfigMap", "kept", true),
    reference("ConfigMap", "a"),
    reference("ConfigMap", "b"),
    reference("ConfigMap", "present"),
  ];
  const present = [reference("ConfigMap", "present")];

  test("is what the former had and the new has not, the last applied first", () => {
    const { goes, stays } = planPrune(former, present, { prunesAll: false });
    expect(goes.map(({ name }) => name)).toEqual(["b", "a"]);
    expect(stays.map(({ reference: { name }, why }) => `${name}: ${why}`)).toEqual([
      "ns: a Namespace goes with --prune-all only",
      "disk: a PersistentVolumeClaim goes with --prune-all only",
      'kept: its annotation kaji.dev/prune is "false"',
    ]);
  });

  test("includes what has data on demand, and never what is to be kept", () => {
    const { goes } = planPrune(former, present, { prunesAll: true });
    expect(goes.map(({ name }) => name)).toEqual(["b", "a", "disk", "ns"]);
  });

  test("counts another version of the group as the same object", () => {
    const old = { apiVersion: "autoscaling/v1", kind: "HorizontalPodAutoscaler", name: "web" };
    expect(
      planPrune([old], [{ ...old, apiVersion: "autoscaling/v2" }], { prunesAll: true }).goes,
    ).toEqual([]);
  });

  test("includes what a failed revision left", () => {
    const content = {
      ...{ action: "deploy", objects: [configMap("a")] },
      leftovers: [reference("ConfigMap", "older")],
    };
    const names = presentObjects(revision(2, { status: "failed", content })).map(
      ({ name }) => name,
    );
    expect(names).toEqual(["older", "a"]);
  });
});

describe("a rollback goes", () => {
  const history = [
    revision(1, { status: "superseded" }),
    revision(2, { status: "failed" }),
    revision(3, { status: "superseded" }),
    revision(4),
    revision(5, { status: "failed" }),
  ];
  test.each<[string, readonly Revision[], number | undefined, number]>([
    ["to the last that was deployed when the newest failed", history, undefined, 4],
    ["to the one before when the newest is deployed", history.slice(0, 4), undefined, 3],
    ["to the one that is wanted", history, 1, 1],
  ])("%s", (_, given, wanted, number) => {
    expect(rollbackTarget(given, "shop", wanted).number).toBe(number);
  });

  test.each<[readonly Revision[], number | undefined, RegExp]>([
    [history, 9, /release shop has no revision 9: the history has 1, 2, 3, 4, 5/],
    [[revision(1)], undefined, /release shop has no former revision that was deployed/],
  ])("nowhere where there is nothing", (given, wanted, sentence) => {
    expect(() => rollbackTarget(given, "shop", wanted)).toThrow(sentence);
  });
});
