import { describe, expect, test } from "vitest";
import type { ControllerRevision } from "#api/schema/types";
import {
  planHistory,
  planTruncation,
  templateOf,
} from "#control-plane/controllers/revision-history";
import { daemonSet } from "#test/support/workloads";

const hashLabel = "hash";

function owner(image: string) {
  const found = daemonSet("logs");
  for (const container of found.spec.template.spec?.containers ?? []) container.image = image;
  return found;
}

/** The revisions after each of these images was rolled out. */
function historyOf(...images: string[]): ControllerRevision[] {
  let known: ControllerRevision[] = [];
  for (const image of images) {
    known = [...planHistory({ owner: owner(image), known, hashLabel }).revisions];
  }
  return known;
}

describe("the history of templates", () => {
  test("begins with revision 1, whose data is the patch that brings the template back", () => {
    const { present, actions } = planHistory({ owner: owner("v1"), known: [], hashLabel });
    expect(actions).toMatchObject([{ type: "create", object: { kind: "ControllerRevision" } }]);
    expect(present).toMatchObject({
      revision: 1,
      metadata: {
        name: `logs-${present.metadata.labels?.["hash"]}`,
        labels: { app: "logs" },
        ownerReferences: [{ name: "logs", controller: true }],
      },
      data: { spec: { template: { $patch: "replace", spec: { containers: [{ image: "v1" }] } } } },
    });
    expect(templateOf(present)).toEqual(owner("v1").spec.template);
  });

  test("does nothing while the template stays", () => {
    const known = historyOf("v1", "v2");
    expect(planHistory({ owner: owner("v2"), known, hashLabel }).actions).toEqual([]);
  });

  test("gives the revision of an old template a new number when it comes back", () => {
    const known = historyOf("v1", "v2");
    const { present, actions } = planHistory({ owner: owner("v1"), known, hashLabel });
    expect(actions).toMatchObject([{ type: "patch", body: { revision: 3 } }]);
    expect(present.metadata.name).toBe(known[0]?.metadata.name);
  });

  test("passes over a name that another object has taken", () => {
    const [first] = historyOf("v1");
    if (!first) throw new Error("there is no revision");
    const { ownerReferences: _, ...metadata } = first.metadata;
    const [reference] = first.metadata.ownerReferences ?? [];
    if (!reference) throw new Error("there is no owner");
    const stranger = {
      ...first,
      metadata: { ...metadata, ownerReferences: [{ ...reference, uid: "x" }] },
    };
    const { present } = planHistory({ owner: owner("v1"), known: [stranger], hashLabel });
    expect(present.metadata.name).not.toBe(first.metadata.name);
    expect(present.revision).toBe(1);
  });

  test("forgets the oldest beyond the limit, and none that a pod was made from", () => {
    const set = owner("v4");
    set.spec.revisionHistoryLimit = 1;
    const known = historyOf("v1", "v2", "v3", "v4");
    const history = planHistory({ owner: set, known, hashLabel });
    const forgotten = (isLive: (revision: ControllerRevision) => boolean): string[] =>
      planTruncation(set, history, isLive).flatMap((action) =>
        action.type === "delete" ? [action.target.name] : [],
      );
    const [first, second] = known.map(({ metadata }) => metadata.name);
    expect(forgotten(() => false)).toEqual([first, second]);
    expect(forgotten(({ revision }) => revision === 1)).toEqual([second]);
  });
});
