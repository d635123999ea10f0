import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Pod } from "#api/schema/types";
import { Attempt } from "#control-plane/scheduler/attempt";
import { CycleMemory, decide } from "#control-plane/scheduler/cycle";
import { plugins } from "#control-plane/scheduler/plugins/index";
import { cycleProfile } from "#control-plane/scheduler/profile";
import { totalScores } from "#control-plane/scheduler/scoring";
import { toPlace } from "#control-plane/scheduler/signature";
import { Snapshot } from "#control-plane/scheduler/snapshot";
import { seededRng } from "#kit/rng";
import { viewOf } from "#test/support/scheduling";
import {
  anyPod,
  anyStep,
  applyStep,
  emptyCluster,
  nodeNames,
  type PlainCluster,
} from "#test/support/scheduling-arbitraries";

/** Which pods have a claim on which nodes, besides those that are there. */
type Nominations = Map<string, { readonly pod: Pod; readonly nodeName: string }>;

const profile = cycleProfile({ name: "default-scheduler", plugins });
const keyOf = ({ metadata }: Pod): string => `${metadata.namespace}/${metadata.name}`;

function snapshotOf(cluster: PlainCluster, nominations: Nominations): Snapshot {
  const snapshot = new Snapshot();
  for (const [name, team] of cluster.teams) snapshot.topology.setNamespace(name, { team });
  for (const node of cluster.nodes.values()) snapshot.setNode(node);
  for (const pod of cluster.pods.values()) snapshot.setPod(pod);
  for (const { pod, nodeName } of nominations.values()) snapshot.nominate(pod, nodeName);
  return snapshot;
}

/** What is said of each node, and what it scores. */
function opinions(pod: Pod, snapshot: Snapshot, memory: CycleMemory) {
  const attempt = new Attempt(toPlace(pod), profile, viewOf(snapshot), memory.verdicts);
  if (attempt.prepare()) return [];
  attempt.keepVerdicts(snapshot.indexCount);
  const codes = snapshot.nodes.map((node) => ({ node, code: attempt.codeFor(node) }));
  const feasible = codes.filter(({ code }) => code === 0).map(({ node }) => node);
  const scores = [...totalScores(attempt, feasible)];
  const refused = codes.filter(({ code }) => code !== 0);
  return [
    ...feasible.map(({ name }, i) => `${name} scores ${scores[i]}`),
    ...refused.map(
      ({ node, code }) => `${node.name}: ${attempt.refusal(code)?.refusal.reasons.join()}`,
    ),
  ].sort();
}

function decision(pod: Pod, snapshot: Snapshot, memory: CycleMemory) {
  const view = viewOf(snapshot);
  return decide(toPlace(pod), { view, profile, rng: seededRng(1), memory });
}

const moment = fc.record({
  step: anyStep,
  asks: fc.nat(2),
  nominates: fc.option(fc.record({ who: fc.nat(2), nodeName: fc.constantFrom(...nodeNames) }), {
    nil: undefined,
  }),
});
const life = fc.record({
  pods: fc.tuple(anyPod, anyPod, anyPod),
  moments: fc.array(moment, { maxLength: 25 }),
});

type Check = (
  pod: Pod,
  remembering: { readonly snapshot: Snapshot; readonly memory: CycleMemory },
  anew: { readonly snapshot: Snapshot; readonly memory: CycleMemory },
) => void;

/** Lives through changes with one snapshot and one memory, and compares with a start from nothing each time. */
function throughLives(check: Check): void {
  const property = fc.property(life, ({ pods, moments }) => {
    const cluster = emptyCluster();
    const nominations: Nominations = new Map();
    const snapshot = new Snapshot();
    const memory = new CycleMemory();
    for (const { step, asks, nominates } of moments) {
      applyStep(step, cluster, snapshot);
      if (nominates) {
        const pod = pods[nominates.who] as Pod;
        nominations.set(keyOf(pod), { pod, nodeName: nominates.nodeName });
        snapshot.withdrawNomination(keyOf(pod));
        snapshot.nominate(pod, nominates.nodeName);
      }
      const pod = pods[asks] as Pod;
      // A pod that is asked about is not there; the step may have placed one of its name.
      if (cluster.pods.has(keyOf(pod))) continue;
      for (const key of cluster.pods.keys()) {
        nominations.delete(key);
        snapshot.withdrawNomination(key);
      }
      const anew = { snapshot: snapshotOf(cluster, nominations), memory: new CycleMemory() };
      check(pod, { snapshot, memory }, anew);
    }
  });
  fc.assert(property, { numRuns: 200 });
}

test("what was remembered of nodes is what asking all plugins anew gives", () => {
  throughLives((pod, remembering, anew) => {
    // Twice: from the second question on verdicts are kept.
    opinions(pod, remembering.snapshot, remembering.memory);
    const said = opinions(pod, remembering.snapshot, remembering.memory);
    expect(said).toEqual(opinions(pod, anew.snapshot, anew.memory));
  });
});

test("a refusal says the same after any history as after a restart", () => {
  throughLives((pod, remembering, anew) => {
    const said = decision(pod, remembering.snapshot, remembering.memory);
    const fresh = decision(pod, anew.snapshot, anew.memory);
    expect(said.type).toBe(fresh.type);
    if (said.type !== "refuse" || fresh.type !== "refuse") return;
    expect([said.message, said.plugins]).toEqual([fresh.message, fresh.plugins]);
    const prices = [said, fresh].map(({ room }) => room?.victims.map(({ priority }) => priority));
    expect(prices[0]).toEqual(prices[1]);
  });
});

describe("preemption", () => {
  test("takes the place of less important pods, of no more than it needs, and only to fit", () => {
    throughLives((pod, _remembering, { snapshot, memory }) => {
      const said = decision(pod, snapshot, memory);
      if (said.type !== "refuse" || said.room?.nodeName === undefined) return;
      const { nodeName, victims } = said.room;
      const place = toPlace(pod);
      const node = snapshot.get(nodeName);
      expect(victims.every(({ priority }) => priority < place.priority)).toBe(true);
      const attempt = new Attempt(place, profile, viewOf(snapshot), memory.verdicts);
      attempt.prepare();
      const fitsWithout = (gone: typeof victims): boolean => {
        const supposed = snapshot.suppose(node as NonNullable<typeof node>);
        for (const victim of gone) supposed.remove(victim);
        const refusal = attempt.freshRefusal(node as NonNullable<typeof node>);
        supposed.undo();
        return refusal === undefined;
      };
      expect(fitsWithout(victims)).toBe(true);
      // What one pod needs near it another may refuse: only without such wishes is every victim needed for sure.
      const isSimple = !pod.spec.affinity && !pod.spec.topologySpreadConstraints?.length;
      if (!isSimple) return;
      for (const spared of victims) {
        expect(fitsWithout(victims.filter((victim) => victim !== spared))).toBe(false);
      }
    });
  });

  test("is given up only where no node would do without all its less important pods", () => {
    throughLives((pod, _remembering, { snapshot, memory }) => {
      const said = decision(pod, snapshot, memory);
      if (said.type !== "refuse" || said.room?.nodeName !== undefined) return;
      // It has made room already, and waits for it.
      if (said.message.includes("not eligible due to a terminating pod")) return;
      const place = toPlace(pod);
      const attempt = new Attempt(place, profile, viewOf(snapshot), memory.verdicts);
      if (attempt.prepare()) return;
      for (const node of snapshot.nodes) {
        const first = attempt.refusal(attempt.codeFor(node));
        if (first?.refusal.isFinal) continue;
        const supposed = snapshot.suppose(node);
        const lower = [...node.pods.values()].filter(({ priority }) => priority < place.priority);
        for (const victim of lower) supposed.remove(victim);
        const refusal = attempt.freshRefusal(node);
        supposed.undo();
        expect(refusal === undefined && lower.length > 0).toBe(false);
      }
    });
  });
});
