import { expect, test } from "vitest";
import type { Pod } from "#api/schema/types";
import { silentLog } from "#kit/log";
import { endAllPods } from "#node-agent/node/shutdown";
import type { PodEnd } from "#node-agent/pod/pod-end";
import { ManualClock } from "#test/support/manual-clock";
import { pod } from "#test/support/workloads";

/** Ends pods as a machine that goes does; each pod takes as long as the test says, or its grace. */
async function play(pods: readonly (readonly [Pod, takesMs: number])[]): Promise<string[]> {
  const clock = new ManualClock();
  const startMs = clock.now();
  const journal: string[] = [];
  const overMs = new Map<string, number>();
  const end = ({ metadata: { name } }: Pod, { graceMs }: PodEnd): void => {
    const takesMs = pods.find(([one]) => one.metadata.name === name)?.[1] ?? 0;
    journal.push(`${(clock.now() - startMs) / 1000}s ${name} has ${graceMs / 1000}s`);
    overMs.set(name, clock.now() + Math.min(takesMs, graceMs));
  };
  let isDone = false;
  const done = endAllPods({
    config: { graceMs: 30_000, criticalGraceMs: 10_000 },
    clock,
    log: silentLog,
    signal: new AbortController().signal,
    end,
    pods: () =>
      pods.map(([one]) => {
        const { name, uid = "" } = one.metadata;
        const isOver = (overMs.get(name) ?? Number.POSITIVE_INFINITY) <= clock.now();
        return { uid, pod: one, isOver, isEnding: overMs.has(name) };
      }),
  }).then(() => {
    isDone = true;
  });
  await clock.runUntil(() => isDone);
  await done;
  return [...journal, `${Math.round((clock.now() - startMs) / 1000)}s done`];
}

const critical = pod("dns", {
  spec: { priority: 2_000_001_000, terminationGracePeriodSeconds: 60 },
});
const patient = pod("patient", { spec: { terminationGracePeriodSeconds: 600 } });
const quick = pod("quick", { spec: { terminationGracePeriodSeconds: 5 } });

test("ordinary pods go first, and critical ones when those are gone", async () => {
  expect(
    await play([
      [critical, 1_000],
      [quick, 3_000],
    ]),
  ).toEqual(["0s quick has 5s", "3s dns has 10s", "4s done"]);
});

test("nobody gets more time than there is", async () => {
  expect(
    await play([
      [patient, 600_000],
      [critical, 600_000],
    ]),
  ).toEqual(["0s patient has 20s", "20s dns has 10s", "30s done"]);
});

test("a machine without pods goes at once", async () => {
  expect(await play([])).toEqual(["0s done"]);
});
